package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.prediction.ClassScores;

/** Which class was taken for which, over all images added, and the figures that follow from it. */
public final class ConfusionMatrix {

  private final List<String> classes;

  /** Images, [truth][predicted]. */
  private final long[][] counts;

  private long amongFive;
  private long images;

  public ConfusionMatrix(List<String> classes) {
    this.classes = List.copyOf(classes);
    counts = new long[classes.size()][classes.size()];
  }

  public List<String> classes() {
    return classes;
  }

  /** Adds an image. */
  public void add(ClassScores predicted, int truth) {
    add(predicted.best(), truth, predicted.rank(truth));
  }

  /**
   * Adds an image.
   *
   * @param rank of the true class in the prediction, from 0
   */
  public void add(int predicted, int truth, int rank) {
    counts[truth][predicted]++;
    images++;
    if (rank < 5) amongFive++;
  }

  /** Images of one class that were taken for another, or for itself. */
  public long count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Number of images. */
  public long images() {
    return images;
  }

  /** Images of a class. */
  public long truths(int index) {
    long sum = 0;
    for (long n : counts[index]) sum += n;
    return sum;
  }

  /** Images taken for a class. */
  public long predictions(int index) {
    long sum = 0;
    for (long[] row : counts) sum += row[index];
    return sum;
  }

  /** Share of the images that are right; 0 if there are none. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < counts.length; c++) right += counts[c][c];
    return ratio(right, images);
  }

  /** Share of the images whose class is among the five most likely; 0 if there are none. */
  public double topFive() {
    return ratio(amongFive, images);
  }

  /** Share of what was taken for a class that is; 0 if nothing was. */
  public double precision(int index) {
    return ratio(counts[index][index], predictions(index));
  }

  /** Share of a class that was found; 0 if there is none. */
  public double recall(int index) {
    return ratio(counts[index][index], truths(index));
  }

  /** Harmonic mean of precision and recall; 0 if the class neither occurs nor was predicted. */
  public double f1(int index) {
    return ratio(2 * counts[index][index], truths(index) + predictions(index));
  }

  /** Mean F1 over the classes that occur in truth or prediction; 0 if there are none. */
  public double macroF1() {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < counts.length; c++) {
      if (truths(c) + predictions(c) == 0) continue;
      sum += f1(c);
      n++;
    }
    return n == 0 ? 0 : sum / n;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** All figures, for JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("accuracy", accuracy());
    map.put("top5_accuracy", topFive());
    map.put("macro_f1", macroF1());
    Map<String, Object> each = new LinkedHashMap<>();
    for (int c = 0; c < counts.length; c++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("images", truths(c));
      one.put("precision", precision(c));
      one.put("recall", recall(c));
      one.put("f1", f1(c));
      each.put(classes.get(c), one);
    }
    map.put("classes", each);
    map.put("confusion", counts);
    return map;
  }
}
