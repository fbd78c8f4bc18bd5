package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVRecord;

/**
 * Keypoints as a table: columns image, keypoint, x, y, and if need be score, object, slice and
 * frame; others are passed over. Empty x and y: the point is not in the image. A row with an empty
 * keypoint stands for an image without keypoints.
 */
public final class KeypointCsv {

  private static final String[] REQUIRED = {"image", "keypoint", "x", "y"};

  private KeypointCsv() {}

  /**
   * One row.
   *
   * @param where it is in the file
   * @param keypoint empty for an image without keypoints; all that follows has no meaning then
   * @param absent whether x and y say that the point is not in the image: empty or nan
   * @param x NaN if it is no number, as the others
   * @param score NaN if there is none
   * @param object number of the box in the image, or a name; may be empty
   */
  public record Row(
      String where,
      String image,
      String keypoint,
      boolean absent,
      double x,
      double y,
      double score,
      String object,
      int slice,
      int frame) {

    boolean isEmpty() {
      return keypoint.isEmpty() && Double.isNaN(x) && Double.isNaN(y);
    }
  }

  static boolean matches(Path file) {
    List<List<String>> head = CsvTable.head(file);
    return !head.isEmpty() && CsvTable.names(head.get(0)).containsAll(Set.of(REQUIRED));
  }

  /**
   * The rows of a table in order; those with the wrong number of values are taken down instead.
   *
   * @param unread takes the image of each that is taken down, if it says one
   * @throws sc.fiji.spyhop.SpyhopException if it cannot be read or lacks a column
   */
  public static List<Row> read(Path file, Problems problems, Consumer<String> unread) {
    CsvTable table = CsvTable.read(file);
    Map<String, Integer> columns = table.columns(REQUIRED);
    List<Row> rows = new ArrayList<>();
    for (CSVRecord r : table.rows().subList(1, table.rows().size())) {
      if (r.size() != columns.size()) {
        problems.add(
            Problem.Kind.WRONG_COLUMNS,
            file,
            CsvTable.where(r),
            r.size() + " values, expected " + columns.size());
        if (columns.get("image") < r.size()) unread.accept(r.get(columns.get("image")));
        continue;
      }
      Cells cells = new Cells(table, columns, r);
      rows.add(
          new Row(
              cells.where("x", "y", "score"),
              cells.whole("image"),
              cells.text("keypoint"),
              isNothing(cells.text("x")) && isNothing(cells.text("y")),
              cells.number("x"),
              cells.number("y"),
              cells.text("score").isEmpty() ? Double.NaN : cells.number("score"),
              cells.text("object"),
              cells.position("slice"),
              cells.position("frame")));
    }
    return rows;
  }

  private static boolean isNothing(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("nan");
  }

  /** Of the tables that are written here. */
  public static List<Column> columns() {
    return AnnotationRows.KEYPOINTS;
  }

  /** What is said of one plane, with a text for each of the {@link #columns}. */
  public static List<List<String>> rows(AnnotatedImage image) {
    return AnnotationRows.keypoints(image);
  }

  /** Writes the table of some images, whole or not at all. */
  public static void write(Path file, List<AnnotatedImage> images) {
    AnnotationRows.writeKeypoints(file, images);
  }
}
