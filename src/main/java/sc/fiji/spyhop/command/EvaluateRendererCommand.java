package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.job.evaluation.RenderEvaluation;
import sc.fiji.spyhop.model.GeneratorSource;

/**
 * Compares images that a model makes of rows with the true ones. In a macro:
 *
 * <pre>
 * run("Spyhop Evaluate Renderer", "model=/data/chairs.spyhop data=/data/more known=/data/chairs");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Renderer",
    headless = true,
    initializer = "offerModels",
    description = "Compares images that a model makes of rows with the true ones.")
public final class EvaluateRendererCommand extends EvaluateCommand {

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model that makes images from rows, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Images",
      style = "directory",
      persist = false,
      description = "Folder of images with a table of their rows, which were not trained on.")
  @InShell("DIR")
  private File data = new File("");

  @Parameter(
      label = "Table of images",
      required = false,
      persist = false,
      description = "Table of the images, a CSV file; empty for index.csv of the data.")
  @InShell(names = "--table", value = "CSV")
  private File index = new File("");

  @Parameter(
      label = "Subset",
      required = false,
      persist = false,
      description = "Only this subset of the table of images; empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "Images it learned from",
      style = "directory",
      required = false,
      persist = false,
      description =
          "Folder of the images that the model learned from, with index.csv: tells how far off the"
              + " nearest of them is, which is what there is without a model; empty for none.")
  @InShell("DIR")
  private File known = new File("");

  @Parameter(
      label = "Subset it learned from",
      required = false,
      persist = false,
      description = "Only this subset of the images that it learned from; empty for all.")
  @InShell("NAME")
  private String trained = "";

  @Parameter(
      label = "Compare with",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description =
          "Another model for the same rows: tells how far the first is above it, and how sure that"
              + " is; empty for none.")
  @InShell("NAME|FILE")
  private String against = "";

  @Parameter(
      label = "Channel",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = LookCommand.CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  /** Puts the known models into the dialog. */
  void offerModels() {
    Class<GeneratorSource.Columns> rows = GeneratorSource.Columns.class;
    model = ModelChoice.offerGenerators(this, "model", model, rows);
    ModelChoice.offerGenerators(this, "against", "", rows);
  }

  @Override
  void check() {
    ModelChoice.requireGenerator(model, GeneratorSource.Columns.class);
    required("data", data);
    if (!trained.isBlank() && path(known).isEmpty()) {
      throw SettingException.wrong(
          "trained", "expected the images that the model learned from as well.");
    }
    channels(channel);
  }

  @Override
  Evaluation evaluate(Caller caller, Progress progress) {
    ChannelChoice choice = channels(channel);
    ImageFiles reader =
        choice.equals(ChannelChoice.AUTO) ? new ImageFiles() : new ImageFiles(choice, 1);
    Path folder = required("data", data);
    return new RenderEvaluation(
            model.strip(),
            word(against),
            new RenderEvaluation.Images(folder, path(index), word(subset), reader),
            path(known)
                .map(k -> new RenderEvaluation.Images(k, Optional.empty(), word(trained), reader)))
        .evaluate(caller::note, progress);
  }
}
