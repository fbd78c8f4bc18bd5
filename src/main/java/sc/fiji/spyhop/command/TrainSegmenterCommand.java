package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Engines;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.SegmentationNetwork;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingOptions;

/**
 * Trains a model on a folder of images and label images. Esc or Cancel ends it and keeps the best
 * network so far. In a macro:
 *
 * <pre>run("Spyhop Train Segmenter", "data=/data/cells output=/data/cells.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Segmenter",
    headless = true,
    description = "Trains a network to find objects, on images and label images of yours.")
public final class TrainSegmenterCommand extends ContextCommand {

  private static final String SOFTWARE = "Spyhop";

  @Parameter(
      label = "Folder of images and labels",
      style = "directory",
      persist = false,
      description = "Holds images/NAME.tif with labels/NAME.tif, or NAME.tif with NAME_labels.tif.")
  private File data = new File("");

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "A file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Classes",
      required = false,
      persist = false,
      description =
          "Empty to find objects; or names of labels 0, 1, ... with commas, to tell classes of"
              + " pixels apart.")
  private String classes = "";

  @Parameter(
      label = "Subset",
      required = false,
      persist = false,
      description = "Empty for all images; or a subset named in the folder's index.csv.")
  private String subset = "";

  @Parameter(
      label = "Percent for validation",
      persist = false,
      description = "Images that are never trained on but tell which network is the best.")
  private double validation = 10;

  @Parameter(
      label = "Network",
      choices = {"unet", "unet-half"},
      persist = false,
      description = "unet-half is faster, and less fine.")
  private String network = "unet";

  @Parameter(label = "Epochs", persist = false, description = "Rounds of training.")
  private int epochs = TrainingOptions.DEFAULT.epochs();

  @Parameter(
      label = "Seed",
      persist = false,
      description = "Same seed, same choices made at random.")
  private long seed = TrainingOptions.DEFAULT.seed();

  @Parameter(
      label = "Go on with an interrupted training",
      persist = false,
      description = "From the last epoch that was completed.")
  private boolean resume = false;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Otherwise a model or training of that name is left as it is.")
  private boolean replace = false;

  // For macros; too many for the dialog.

  @Parameter(
      label = "Minibatches per epoch",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "0 for as many as show every pixel about once.")
  private int steps = TrainingOptions.DEFAULT.stepsPerEpoch();

  @Parameter(
      label = "Crops per minibatch",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Fewer need less memory.")
  private int batch = TrainingOptions.DEFAULT.batch();

  @Parameter(
      label = "Size of crops",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Width and height in pixels; a multiple of 32.")
  private int crop = TrainingOptions.DEFAULT.crop();

  @Parameter(
      label = "Widths of the network",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Channels of each level, finest first, with commas; empty for the usual ones.")
  private String widths = "";

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  /**
   * Blocks until training has ended.
   *
   * @throws SpyhopException if something is wrong with the images or the parameters
   */
  @Override
  public void run() {
    Path folder = given(data, "Folder of images and labels", "data");
    Path file = given(output, "Model to write", "output");
    if (!(validation >= 0 && validation < 100)) {
      throw new SpyhopException(
          "Percent for validation: expected a number from 0 to below 100, received "
              + validation
              + ".");
    }
    TrainingOptions options =
        TrainingOptions.DEFAULT
            .with()
            .epochs(epochs)
            .seed(seed)
            .stepsPerEpoch(steps)
            .batch(batch)
            .crop(crop)
            .build();
    String name = name(file);
    Path checkpoints = file.resolveSibling(name + "-training");
    requireFree(file, checkpoints);
    Split<LabelMap> split =
        Split.byImage(
            SegmentationFolder.read(
                folder,
                Optional.empty(),
                Optional.of(subset.strip()).filter(s -> !s.isEmpty()),
                new ImageFiles()),
            validation / 100,
            seed);
    SegmentationTask segmentation = task();
    Frame first = split.train().get(0).frame();
    ModelTraining<LabelMap> training =
        new ModelTraining<>(
            new ModelTraining.About(name, "", "", "", ""),
            new ModelTraining.Origin(
                "Spyhop Train Segmenter, " + arguments(),
                SOFTWARE,
                folder.getFileName().toString()),
            segmentation,
            new SegmentationNetwork(network, levels()).network(first.channels(), segmentation),
            Optional.empty(),
            new ModelSpec.Input(
                Axes.NCHW,
                first.channels(),
                new Normalization.Percentile(1, 99.8),
                first.pixelSize()),
            split.train(),
            split.validation(),
            options);
    train(training, file, checkpoints);
  }

  private void train(ModelTraining<?> training, Path file, Path checkpoints) {
    Engine engine = Engines.forTraining();
    ModelTraining.Outcome outcome;
    try (CommandProgress progress =
        new CommandProgress(
            statusService, taskService, "Spyhop Train Segmenter", this::isCanceled)) {
      outcome =
          training.run(
              engine,
              engine.devices().get(0),
              resume ? Checkpoints.resumeIn(checkpoints) : Checkpoints.startIn(checkpoints),
              new Log(),
              progress);
    }
    String explanation = outcome.result().explanation();
    if (outcome.model().isPresent()) {
      ModelFile.write(outcome.model().get(), file);
      explanation += " Written to " + file;
    }
    IJ.log("Spyhop: " + explanation);
    StopReason reason = outcome.result().reason();
    if (reason == StopReason.NOT_FINITE) throw new SpyhopException(explanation);
    if (reason == StopReason.CANCELLED) Cancellations.end(this, explanation);
  }

  /** Epochs as lines of ImageJ's log. */
  private static final class Log implements TrainingListener {
    @Override
    public void message(String text) {
      IJ.log("Spyhop: " + text);
    }

    @Override
    public void epoch(Epoch epoch, int epochs) {
      IJ.log("Spyhop: " + epoch.line(epochs));
    }
  }

  private SegmentationTask task() {
    if (classes.isBlank()) return InstanceSegmentation.of("object");
    List<String> names = Arrays.stream(classes.split(",")).map(String::strip).toList();
    return new SemanticSegmentation(names, List.of(), -1, 1);
  }

  private List<Integer> levels() {
    try {
      return widths.isBlank()
          ? List.of()
          : Arrays.stream(widths.split(",")).map(w -> Integer.parseInt(w.strip())).toList();
    } catch (NumberFormatException e) {
      throw new SpyhopException(
          "Widths of the network: expected numbers with commas, received \"" + widths + "\".", e);
    }
  }

  private static Path given(File file, String label, String key) {
    if (file == null || file.getPath().isBlank()) {
      throw new SpyhopException(
          label + ": expected a path, received nothing. In macros: " + key + "=[/path/to/it].");
    }
    return file.toPath().toAbsolutePath();
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(ModelFile.EXTENSION) || name.equals(ModelFile.EXTENSION)) {
      throw new SpyhopException(
          "Model to write: expected a name that ends in "
              + ModelFile.EXTENSION
              + ", received "
              + name
              + ".");
    }
    return name.substring(0, name.length() - ModelFile.EXTENSION.length())
        .replaceAll("[^A-Za-z0-9._-]", "-");
  }

  private void requireFree(Path file, Path checkpoints) {
    if (!Files.isDirectory(file.getParent())) {
      throw new SpyhopException(
          "Model to write: there is no folder " + file.getParent() + ". Make it, or name another.");
    }
    if (replace || resume) return;
    for (Path there : List.of(file, checkpoints.resolve("last.safetensors"))) {
      if (Files.exists(there)) {
        throw new SpyhopException(
            there
                + " exists already. Name another model, or replace it (in macros: replace=true).");
      }
    }
  }

  private String arguments() {
    return String.format(
        "classes=[%s] subset=[%s] validation=%s network=%s epochs=%d seed=%d steps=%d batch=%d"
            + " crop=%d widths=[%s]",
        classes, subset, validation, network, epochs, seed, steps, batch, crop, widths);
  }
}
