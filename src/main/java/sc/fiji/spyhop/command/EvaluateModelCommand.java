package sc.fiji.spyhop.command;

import java.io.File;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.evaluation.ModelEvaluation;

/** Holds what a model says about images as a whole against the truth. */
abstract class EvaluateModelCommand extends EvaluateCommand {

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

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
          "Name or file of another model for the same images: tells how far the first is above it,"
              + " and how sure that is; empty for none.")
  @InShell("NAME|FILE")
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

  /** What the model has to be for. */
  abstract Class<?> kind();

  /** Puts the known models into the dialog. */
  void offerModels() {
    ModelChoice.offer(getInfo().getMutableInput("model", String.class), kind());
    ModelChoice.offer(getInfo().getMutableInput("against", String.class), kind());
  }

  @Override
  void check() {
    ModelChoice.require(model, kind());
    required("data", data);
    channels(channel);
  }

  final ModelEvaluation evaluation() {
    ChannelChoice choice = channels(channel);
    Optional<String> other = word(against);
    return new ModelEvaluation(
        model.strip(),
        other,
        required("data", data),
        path(index),
        word(subset),
        choice.equals(ChannelChoice.AUTO) ? new ImageFiles() : new ImageFiles(choice, 1));
  }
}
