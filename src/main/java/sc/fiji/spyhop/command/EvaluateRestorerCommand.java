package sc.fiji.spyhop.command;

import java.io.File;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.ImagePairs;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.job.evaluation.RestoreEvaluation;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.metrics.PluginMetrics;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares images that a model restores with those that they should be. In a macro:
 *
 * <pre>run("Spyhop Evaluate Restorer", "model=/data/denoise.spyhop data=/data/more");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Restorer",
    headless = true,
    initializer = "offerModels",
    description = "Compares images that a model restores with those that they should be.")
public final class EvaluateRestorerCommand extends EvaluateCommand {

  private static final double MAX_RANGE = 1e30;

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model that restores images, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Images",
      style = "directory",
      persist = false,
      description =
          "Folder of images and targets, which were not trained on, in any form that the training"
              + " takes.")
  @InShell("DIR")
  private File data = new File("");

  @Parameter(
      label = "Folder of images",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Name of the folder of images in the data; empty for input, low or noisy.")
  @InShell("NAME")
  private String input = "";

  @Parameter(
      label = "Folder of targets",
      required = false,
      persist = false,
      description = "Name of the folder of targets in the data; empty for target, high or clean.")
  @InShell("NAME")
  private String target = "";

  @Parameter(
      label = "Compare with",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description =
          "Another model for the same images: tells how far the first is above it, and how sure that"
              + " is; empty for none.")
  @InShell("NAME|FILE")
  private String against = "";

  @Parameter(
      label = "Range of values",
      required = false,
      persist = false,
      description =
          "Distance of the largest and the smallest value that targets can have, such as 255, which"
              + " PSNR and SSIM are relative to; empty for that of each target.")
  @InShell("N")
  private String range = "";

  @Parameter(
      label = "Subset",
      required = false,
      persist = false,
      description = "Only this subset of the table of images; empty for all.")
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

  /** Puts the known models into the dialog. */
  void offerModels() {
    ModelChoice.offer(this, "model", Restoration.class);
    ModelChoice.offer(this, "against", Restoration.class);
  }

  @Override
  void check() {
    ModelChoice.require(model, Restoration.class);
    required("data", data);
    range();
    metrics();
    channels(channel);
  }

  private OptionalDouble range() {
    OptionalDouble value = number("range", range);
    if (value.isEmpty() || value.getAsDouble() > 0 && value.getAsDouble() <= MAX_RANGE) {
      return value;
    }
    throw SettingException.wrong(
        "range",
        Strings.format(
            "expected a number above 0, or nothing for the range of each target, received %s.",
            range.strip()));
  }

  private PluginMetrics metrics() {
    return setting("metrics", () -> PluginMetrics.parse(metrics));
  }

  @Override
  Evaluation evaluate(Caller caller, Progress progress) {
    ChannelChoice choice = channels(channel);
    ImageFiles reader =
        choice.equals(ChannelChoice.AUTO) ? new ImageFiles() : new ImageFiles(choice, 1);
    return new RestoreEvaluation(
            model.strip(),
            word(against),
            new RestoreEvaluation.Images(
                required("data", data),
                new ImagePairs.Places(word(input), word(target)),
                path(index),
                word(subset),
                reader),
            range(),
            metrics())
        .evaluate(caller::note, progress);
  }
}
