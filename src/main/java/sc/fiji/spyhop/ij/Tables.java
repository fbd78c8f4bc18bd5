package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.WindowManager;
import ij.measure.ResultsTable;
import ij.text.TextWindow;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.Stream.Builder;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.TableRow;

/** Rows of text as ImageJ's tables show them. */
public final class Tables {

  /** Decimals of numbers that are not whole. */
  private static final int DIGITS = 4;

  private Tables() {}

  /**
   * Appends rows. Numbers are numbers, so that they can be sorted and plotted; empty cells stay
   * empty. The column {@code image} becomes the label of the row; {@code slice} and {@code frame}
   * are left out if the image has but one. A row without a place, where there is a column {@code
   * x}, is left out as well, unless it says what is {@code missing}.
   *
   * @param header names of columns
   * @param rows a text for each column
   */
  public static void fill(
      ResultsTable table, ImagePlus image, List<String> header, Stream<List<String>> rows) {
    Set<String> left = left(image);
    int x = header.indexOf("x");
    int missing = header.indexOf("missing");
    table.setNaNEmptyCells(true);
    rows.forEach(
        row -> {
          if (x >= 0 && row.get(x).isEmpty() && (missing < 0 || row.get(missing).isEmpty())) return;
          table.addRow();
          table.addLabel(image.getTitle());
          for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            if (cell.isEmpty() || left.contains(header.get(i))) continue;
            double number = Decimals.parse(cell);
            if (Double.isNaN(number)) table.addValue(header.get(i), cell);
            else table.addValue(header.get(i), number);
          }
        });
  }

  /**
   * Shows a table of its own from its first row on, in place of one of the same title, as {@link
   * #show(ResultsTable, String)}.
   */
  public static void show(List<TableRow> rows, String title) {
    ResultsTable table = new ResultsTable();
    table.showRowNumbers(false);
    table.setPrecision(DIGITS);
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.cells().keySet()));
    rows.forEach(
        row -> {
          table.addRow();
          table.addLabel(row.label());
          for (String column : columns) {
            Object cell = row.cells().getOrDefault(column, "");
            if (!(cell instanceof Number n)) table.addValue(column, cell.toString());
            else if (Double.isNaN(n.doubleValue())) table.addValue(column, "");
            else table.addValue(column, n.doubleValue());
          }
        });
    show(table, title);
    if (!GraphicsEnvironment.isHeadless()
        && WindowManager.getFrame(title) instanceof TextWindow w) {
      w.getTextPanel().scrollToTop();
    }
  }

  /** Shows a table, unless there are neither windows nor what stands for them without a display. */
  public static void show(ResultsTable table, String title) {
    try {
      table.show(title);
    } catch (HeadlessException e) {
      // nobody could look at it
    }
  }

  private static Set<String> left(ImagePlus image) {
    Builder<String> left = Stream.<String>builder().add("image");
    if (image.getNSlices() == 1) left.add("slice");
    if (image.getNFrames() == 1) left.add("frame");
    return left.build().collect(Collectors.toSet());
  }

  /**
   * Gives rows a cell, a number if the text is one.
   *
   * @param from the first of the rows; all behind it are meant as well
   */
  public static void set(ResultsTable table, int from, String column, String text) {
    double number = Decimals.parse(text);
    for (int row = from; row < table.size(); row++) {
      if (Double.isNaN(number)) table.setValue(column, row, text);
      else table.setValue(column, row, number);
    }
  }
}
