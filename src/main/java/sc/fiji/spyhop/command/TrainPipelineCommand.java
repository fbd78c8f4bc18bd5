package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.pipeline.training.ChainOptions;
import sc.fiji.spyhop.pipeline.training.ChainTraining;
import sc.fiji.spyhop.pipeline.training.Photographs;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.ui.TrainingView;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Trains all networks of a pipeline. Esc or Cancel ends it and keeps the networks that are
 * finished.
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Pipeline",
    headless = true,
    description = "Trains networks that find, align and classify objects, in one go.")
public final class TrainPipelineCommand extends ContextCommand {

  private static final ChainOptions USUAL = ChainOptions.DEFAULT;

  @Parameter(
      label = "Folder of annotated images",
      style = "directory",
      persist = false,
      description = "With index.csv (image,class), boxes.csv and keypoints.csv.")
  private File data = new File("");

  @Parameter(
      label = "Pipeline to write",
      style = "save",
      persist = false,
      description = "A file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Percent held out",
      persist = false,
      description = "Images that are never trained on but tell how far off networks are.")
  private double held = 100 * USUAL.heldOut();

  @Parameter(
      label = "Pictures, pixels",
      persist = false,
      description = "Width and height of pictures of objects, a multiple of 16.")
  private int side = USUAL.side();

  @Parameter(
      label = "Scale",
      required = false,
      persist = false,
      description =
          "Pixels the localizer is shown per pixel of the image, such as 0.5; empty: so that the"
              + " longest side is at most 512.")
  private String zoom = "";

  @Parameter(
      label = "Copies of each picture",
      persist = false,
      description = "Each with another error of box or alignment.")
  private int copies = USUAL.copies();

  @Parameter(
      label = "Seed",
      persist = false,
      description = "Same seed, same choices made at random.")
  private long seed = USUAL.seed();

  @Parameter(
      label = "Go on with an interrupted training",
      persist = false,
      description = "Takes over the networks that are finished.")
  private boolean resume = false;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Otherwise a pipeline or training of that name is left as it is.")
  private boolean replace = false;

  // For macros; too many for the dialog.

  @Parameter(
      label = "Widths of the networks",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Channels of each level of those that find boxes and keypoints, finest first, with commas;"
              + " empty for the usual ones.")
  private String widths = "";

  @Parameter(
      label = "Layers of the classifier",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Or a preset.")
  private String network = USUAL.classifier();

  @Parameter(
      label = "Epochs",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Of localizer, keypoint finder and classifier, with commas; empty for the usual numbers.")
  private String rounds = "";

  @Parameter(
      label = "Pictures per minibatch",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Fewer need less memory.")
  private int batch = USUAL.batch();

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  /**
   * Blocks until training has ended.
   *
   * @throws SpyhopException if something is wrong with the images or the parameters
   */
  @Override
  public void run() {
    if (data == null || data.getPath().isBlank()) {
      throw new SpyhopException(
          "Folder of annotated images: expected a path, received nothing. In macros:"
              + " data=[/path/to/it].");
    }
    Path file = Targets.pipeline(output, replace || resume);
    ChainOptions options =
        new ChainOptions(
            held / 100,
            side,
            USUAL.margin(),
            scale(),
            numbers("Widths of the networks", widths, USUAL.widths()),
            network,
            copies,
            numbers("Epochs", rounds, USUAL.rounds()),
            batch,
            seed);
    Path folder = file.resolveSibling(Targets.name(file) + "-training");
    prepare(folder);
    Photographs photographs = Photographs.read(data.toPath(), new ImageFiles());
    photographs.left().forEach(line -> IJ.log("Spyhop: " + line));
    ChainTraining training =
        new ChainTraining(
            new ModelTraining.About(Targets.name(file), "", "", "", ""),
            new ModelTraining.Origin(
                Strings.format(
                    "Spyhop Train Pipeline, held=%s side=%d zoom=[%s] copies=%d seed=%d widths=[%s] network=[%s] rounds=[%s] batch=%d",
                    held, side, zoom, copies, seed, widths, network, rounds, batch),
                "Spyhop",
                data.getName()),
            photographs,
            folder,
            options);
    try (CommandProgress progress =
            new CommandProgress(
                statusService, taskService, "Spyhop Train Pipeline", this::isCanceled);
        TrainingView view = TrainingView.open(Targets.name(file))) {
      end(training, file, folder, view, view.progress(progress)).conclude(view, this);
    }
  }

  private static TrainingEnd end(
      ChainTraining training, Path file, Path folder, TrainingView view, Progress progress) {
    Runnable discard = () -> delete(folder);
    try {
      Engine engine = Engines.forTraining();
      ChainTraining.Outcome outcome =
          training.run(
              engine, engine.devices().get(0), new TrainingLog().and(view.listener()), progress);
      return new TrainingEnd(
          outcome.reason(),
          outcome.explanation(),
          outcome.pipeline().map(p -> () -> PipelineFile.write(p, file)),
          file,
          discard);
    } catch (CancellationException e) {
      return TrainingEnd.early(file, discard);
    }
  }

  private static void delete(Path folder) {
    try {
      for (String part : ChainTraining.PARTS) {
        Files.deleteIfExists(folder.resolve(part + ModelFile.EXTENSION));
      }
    } catch (IOException e) {
      throw new SpyhopException(
          "Cannot delete networks in " + folder + ": " + AtomicFile.reason(e) + ".", e);
    }
  }

  private Optional<Double> scale() {
    if (zoom.isBlank()) return Optional.empty();
    try {
      return Optional.of(Double.parseDouble(zoom.strip()));
    } catch (NumberFormatException e) {
      throw new SpyhopException(
          "Scale: expected a number such as 0.5, or nothing, received \"" + zoom + "\".", e);
    }
  }

  private static List<Integer> numbers(String label, String text, List<Integer> usual) {
    try {
      return text.isBlank()
          ? usual
          : Arrays.stream(text.split(",")).map(n -> Integer.parseInt(n.strip())).toList();
    } catch (NumberFormatException e) {
      throw new SpyhopException(
          label + ": expected numbers with commas, received \"" + text + "\".", e);
    }
  }

  private void prepare(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String part : ChainTraining.PARTS) {
        Path kept = folder.resolve(part + ModelFile.EXTENSION);
        if (resume || !Files.exists(kept)) continue;
        if (!replace) {
          throw new SpyhopException(
              folder
                  + " holds an earlier training. Go on with it (in macros: resume=true), or replace"
                  + " it (replace=true).");
        }
        Files.delete(kept);
      }
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format("%s cannot be written to: %s.", folder, AtomicFile.reason(e)), e);
    }
  }
}
