package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.job.evaluation.ModelEvaluation;
import sc.fiji.spyhop.job.evaluation.ResultsEvaluation;
import sc.fiji.spyhop.task.metrics.PluginMetrics;

/** Holds what a model says about images as a whole against the truth. */
abstract class EvaluateModelCommand extends EvaluateCommand {

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description =
          "Name of a model, or path of its .spyhop file; empty for predictions that are there.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Predictions",
      style = "directory",
      required = false,
      persist = false,
      description =
          "Folder of results, as Spyhop writes them, or a CSV file like results.csv in it, instead of"
              + " a model; empty to run the model.")
  @InShell("DIR|FILE")
  private File predicted = new File("");

  @Parameter(
      label = "Images",
      style = "directory",
      persist = false,
      description =
          "Images of which the truth is known, in any form that the training of such a model takes.")
  @InShell("DIR|FILE")
  private File data = new File("");

  @Parameter(
      label = "Compare with",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description =
          "Another model, or other predictions, of the same images: tells how far the first are above"
              + " these, and how sure that is; empty for none.")
  @InShell("NAME|FILE|DIR")
  private String against = "";

  @Parameter(
      label = "Subset",
      required = false,
      persist = false,
      description =
          "Only this subset of the table of images, or this folder of the data; empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "Table of images",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Table of images, a CSV file; empty for index.csv of the data, if it is there.")
  @InShell("CSV")
  private File index = new File("");

  @Parameter(
      label = "Channel",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = LookCommand.CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  @Parameter(
      label = "Metrics of plugins",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = TrainCommand.METRICS_HELP)
  @InShell("NAME(...)")
  private String metrics = "";

  /** What the model has to be for. */
  abstract Class<?> kind();

  /** Runs a model. */
  abstract Evaluation evaluate(ModelEvaluation of, Caller caller, Progress progress);

  /** Takes what is there. */
  abstract Evaluation evaluate(ResultsEvaluation of, Caller caller, Progress progress);

  /** Puts the known models into the dialog. */
  void offerModels() {
    ModelChoice.offer(this, "model", kind());
    ModelChoice.offer(this, "against", kind());
  }

  @Override
  void check() {
    if (path(predicted).isEmpty()) {
      ModelChoice.require(model, kind());
    } else if (!model.isBlank()) {
      throw SettingException.wrong(
          "predicted", "it and a model exclude each other. Empty one of them.");
    } else if (!metrics().isEmpty()) {
      throw SettingException.wrong(
          "metrics", "they are for what a model says, expected one, received predictions.");
    }
    metrics();
    required("data", data);
    channels(channel);
  }

  @Override
  final Evaluation evaluate(Caller caller, Progress progress) {
    ChannelChoice choice = channels(channel);
    ImageFiles reader =
        choice.equals(ChannelChoice.AUTO) ? new ImageFiles() : new ImageFiles(choice, 1);
    Path images = required("data", data);
    Optional<String> other = word(against);
    Optional<Path> results = path(predicted);
    return results.isPresent()
        ? evaluate(
            new ResultsEvaluation(
                results.get(), other.map(Path::of), images, path(index), word(subset), reader),
            caller,
            progress)
        : evaluate(
            new ModelEvaluation(
                model.strip(), other, images, path(index), word(subset), reader, metrics()),
            caller,
            progress);
  }

  private PluginMetrics metrics() {
    return setting("metrics", () -> PluginMetrics.parse(metrics));
  }
}
