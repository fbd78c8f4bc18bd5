package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.ij.measure.ClassArea;
import sc.fiji.spyhop.job.batch.BatchJob;

/** ImageJ's tables, which get the same rows as the tables of files. */
final class ResultsWindow {

  private static final String CLASSES = "Areas of classes";

  /** Settings that are called as a column of objects is. */
  private static final Set<String> OF_OBJECTS = Set.of("probability", "score");

  private ResultsWindow() {}

  /**
   * Appends what was found in an image to the Results table and, of classes of pixels, how much
   * each covers to one of its own, and shows them.
   *
   * @param columns that all images have
   * @param device where it was computed
   */
  static void show(ImagePlus image, List<Column> columns, BatchJob.Found found, String device) {
    show(image, columns, found, Map.of(), device);
  }

  /**
   * The same with columns of settings.
   *
   * @param settings that are not the defaults, by name
   */
  static void show(
      ImagePlus image,
      List<Column> columns,
      BatchJob.Found found,
      Map<String, String> settings,
      String device) {
    List<String> header = new ArrayList<>(columns.stream().map(Column::name).toList());
    header.addAll(found.columns());
    ResultsTable results = ResultsTable.getResultsTable();
    int before = results.size();
    Tables.fill(results, image, header, found.rows());
    settings.forEach(
        (name, value) -> {
          // what each object has is called as the setting is
          String column = OF_OBJECTS.contains(name) ? "min_" + name : name;
          Tables.set(results, before, column, value);
        });
    Tables.set(results, before, "device", device);
    results.show("Results");
    if (!found.classAreas().isEmpty()) showAreas(image, found.classAreas());
  }

  private static void showAreas(ImagePlus image, List<ClassArea> areas) {
    ResultsTable table =
        Optional.ofNullable(ResultsTable.getResultsTable(CLASSES)).orElseGet(ResultsTable::new);
    table.setNaNEmptyCells(true);
    for (ClassArea c : areas) {
      table.addRow();
      table.addLabel(image.getTitle());
      table.addValue("class", c.name());
      table.addValue("pixels", c.pixels());
      table.addValue("area", c.area());
      table.addValue("unit", Frames.unit(image));
      if (!Double.isNaN(c.share())) table.addValue("share", c.share());
    }
    Tables.show(table, CLASSES);
  }
}
