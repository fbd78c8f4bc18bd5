package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVRecord;

/**
 * Boxes as a table: columns image, class, x, y, width, height, and if need be score, object, slice
 * and frame; others are passed over. x and y are the upper left corner in continuous pixels. A row
 * with an empty class stands for an image without boxes.
 */
public final class BoxCsv {

  private static final String[] REQUIRED = {"image", "class", "x", "y", "width", "height"};

  private BoxCsv() {}

  /**
   * One row.
   *
   * @param where it is in the file
   * @param type empty for an image without boxes; all that follows has no meaning then
   * @param x NaN if it is no number, as the others
   * @param score 1 if there is none
   * @param scored whether there is one
   * @param object number or name within the image; may be empty
   * @param slice from 1
   * @param frame time point, from 1
   */
  public record Row(
      String where,
      String image,
      String type,
      double x,
      double y,
      double width,
      double height,
      double score,
      boolean scored,
      String object,
      int slice,
      int frame) {

    boolean isEmpty() {
      return type.isEmpty() && !hasBox();
    }

    private boolean hasBox() {
      return Double.isFinite(x) || Double.isFinite(y) || Double.isFinite(width);
    }
  }

  static boolean matches(Path file) {
    List<List<String>> head = CsvTable.head(file);
    return !head.isEmpty() && CsvTable.names(head.get(0)).containsAll(Set.of(REQUIRED));
  }

  static boolean hasScores(Path file) {
    List<List<String>> head = CsvTable.head(file);
    return !head.isEmpty() && CsvTable.names(head.get(0)).contains("score");
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
              cells.where("x", "y", "width", "height", "score"),
              cells.whole("image"),
              cells.text("class"),
              cells.number("x"),
              cells.number("y"),
              cells.number("width"),
              cells.number("height"),
              cells.text("score").isEmpty() ? 1 : cells.number("score"),
              !cells.text("score").isEmpty(),
              cells.text("object"),
              cells.position("slice"),
              cells.position("frame")));
    }
    return rows;
  }

  /** Of the tables that are written here. */
  public static List<Column> columns() {
    return AnnotationRows.BOXES;
  }

  /** What is said of one plane, with a text for each of the {@link #columns}. */
  public static List<List<String>> rows(AnnotatedImage image) {
    return AnnotationRows.boxes(image);
  }

  /** Writes the table of some images, whole or not at all. */
  public static void write(Path file, List<AnnotatedImage> images) {
    AnnotationRows.writeBoxes(file, images);
  }
}
