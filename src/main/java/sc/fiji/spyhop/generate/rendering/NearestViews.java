package sc.fiji.spyhop.generate.rendering;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.RowColumn;

/**
 * Which known image is nearest to a row: what there is to show without a network. The known rows
 * that have the same words in all columns of words count, or all if there are none; nearest is the
 * one whose numbers and angles, as the network is given them (numbers from -1 to 1 over what was
 * learned, sine and cosine of angles), have the least Euclidean distance. Of several as near, the
 * first.
 */
public final class NearestViews {

  private final GeneratorSource.Columns columns;
  private final List<float[]> known = new ArrayList<>();
  private final boolean[] isWord;

  /**
   * Keeps what the network is given for each known row.
   *
   * @param known rows of the known images
   */
  public NearestViews(GeneratorSource.Columns columns, List<Map<String, String>> known) {
    this.columns = columns;
    known.forEach(row -> this.known.add(columns.encode(row)));
    isWord = new boolean[columns.size()];
    int at = 0;
    for (RowColumn column : columns.columns()) {
      for (int i = 0; i < column.size(); i++) isWord[at++] = column instanceof RowColumn.Choice;
    }
  }

  /** Number of the nearest known row, from 0; there is at least one. */
  public int of(Map<String, String> row) {
    float[] code = columns.encode(row);
    int nearest = nearest(code, true);
    return nearest >= 0 ? nearest : nearest(code, false);
  }

  private int nearest(float[] code, boolean sameWords) {
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < known.size(); k++) {
      double distance = distance(code, known.get(k), sameWords);
      if (distance < least) {
        least = distance;
        nearest = k;
      }
    }
    return nearest;
  }

  private double distance(float[] one, float[] other, boolean sameWords) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      if (isWord[i] && sameWords && one[i] != other[i]) return Double.POSITIVE_INFINITY;
      double difference = isWord[i] ? 0 : (double) one[i] - other[i];
      sum += difference * difference;
    }
    return sum;
  }
}
