package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.job.batch.BatchJob;

/** ImageJ's Results table, which gets the same rows as the tables of files. */
final class ResultsWindow {

  private ResultsWindow() {}

  /**
   * Appends what was found in an image, and shows the table.
   *
   * @param columns that all images have
   * @param device where it was computed
   */
  static void show(ImagePlus image, List<Column> columns, BatchJob.Found found, String device) {
    List<String> header = new ArrayList<>(columns.stream().map(Column::name).toList());
    header.addAll(found.columns());
    ResultsTable results = ResultsTable.getResultsTable();
    int before = results.size();
    Tables.fill(results, image, header, found.rows());
    Tables.device(results, before, device);
    results.show("Results");
  }
}
