package sc.fiji.spyhop.command;

import java.io.File;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Source;
import sc.fiji.spyhop.task.metrics.PluginMetrics;

/** Holds results in files against the truth. */
abstract class EvaluateResultsCommand extends EvaluateCommand {

  @Parameter(
      label = "Predictions",
      style = "directory",
      persist = false,
      description =
          "Folder of results, as Spyhop writes them, or of label images; or a CSV file of boxes or"
              + " keypoints.")
  @InShell("DIR|FILE")
  private File predicted = new File("");

  @Parameter(
      label = "Truth",
      style = "directory",
      persist = false,
      description =
          "What is true: a folder of label images, a data set in any format that trainings take, or"
              + " a CSV file of boxes or keypoints.")
  @InShell("DIR|FILE")
  private File truth = new File("");

  @Parameter(
      label = "Compare with",
      style = "directory",
      required = false,
      persist = false,
      description =
          "Other predictions of the same images: tells how far the first are above them, and how"
              + " sure that is; empty for none.")
  @InShell("DIR|FILE")
  private File against = new File("");

  @Parameter(
      label = "Table of images",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "CSV file with the columns name and subset; goes with a subset.")
  @InShell("CSV")
  private File index = new File("");

  @Parameter(
      label = "Subset",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Only the images of this subset of the table; empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "Metrics of plugins",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = TrainCommand.METRICS_HELP)
  @InShell("NAME(...)")
  private String metrics = "";

  @Override
  void check() {
    required("predicted", predicted);
    required("truth", truth);
    metrics();
    if (path(index).isPresent() != word(subset).isPresent()) {
      throw SettingException.wrong(
          path(index).isPresent() ? "index" : "subset",
          "the table of images and the subset go together. Give both, or neither.");
    }
  }

  final Source source() {
    return new Source(
        required("predicted", predicted),
        required("truth", truth),
        path(against),
        path(index),
        word(subset),
        metrics());
  }

  private PluginMetrics metrics() {
    return setting("metrics", () -> PluginMetrics.parse(metrics));
  }
}
