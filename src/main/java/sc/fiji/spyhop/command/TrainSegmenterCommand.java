package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.SegmentationNetwork;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Strings;

/**
 * Trains a model on a folder of images and label images, or on an open image with areas drawn. Esc
 * or Cancel ends it and keeps the best network so far. In a macro:
 *
 * <pre>run("Spyhop Train Segmenter", "data=/data/cells output=/data/cells.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Segmenter",
    headless = true,
    initializer = "offerImages",
    description = "Trains a network to find objects, on images and label images of yours.")
public final class TrainSegmenterCommand extends DynamicCommand {

  private static final String SOFTWARE = "Spyhop";

  @Parameter(
      label = "Folder of images and labels",
      style = "directory",
      persist = false,
      description =
          "Holds images/NAME.tif with labels/NAME.tif, or NAME.tif with NAME_labels.tif; or images"
              + " with COCO masks, YOLO polygons or zips of the ROI Manager.")
  private File data = new File("");

  @Parameter(
      label = "Or annotated image",
      required = false,
      persist = false,
      description =
          "An open image or stack with areas in the ROI Manager or the overlay; empty for a folder.")
  private String image = "";

  @Parameter(
      label = "Everything is labelled",
      persist = false,
      description =
          "Of an annotated image: what is not drawn is background. Else it counts as unknown, and"
              + " some areas have to be named background.")
  private boolean complete = false;

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
          "Empty to find objects, or the classes that the annotations have; or names of labels 0,"
              + " 1, ... with commas, to tell classes of pixels apart.")
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

  /** Puts the open images into the dialog. */
  void offerImages() {
    OpenImages.offer(getInfo().getMutableInput("image", String.class));
  }

  /**
   * Blocks until training has ended.
   *
   * @throws SpyhopException if something is wrong with the images or the parameters
   */
  @Override
  public void run() {
    if (image.isBlank()) TrainedFile.given(data, "Folder of images and labels", "data");
    TrainedFile made = TrainedFile.of(output, replace || resume);
    double share = TrainedFile.share(validation);
    TrainingOptions options =
        TrainingOptions.DEFAULT
            .with()
            .epochs(epochs)
            .seed(seed)
            .stepsPerEpoch(steps)
            .batch(batch)
            .crop(crop)
            .build();
    List<String> names = names();
    try (TrainingData source =
        TrainingData.of(
            data,
            "Folder of images and labels",
            image,
            marks ->
                new TrainingData.Wanted(names.isEmpty() ? Kind.painted(marks) : Kind.PIXELS, names),
            complete)) {
      train(source, made, share, options, names);
    }
  }

  private void train(
      TrainingData source,
      TrainedFile made,
      double share,
      TrainingOptions options,
      List<String> names) {
    List<String> known = names.isEmpty() ? SegmentationFolder.classes(source.folder()) : names;
    Split<LabelMap> split = Split.byImage(read(source.folder(), known), share, seed);
    SegmentationTask segmentation = task(known);
    Frame first = split.train().get(0).frame();
    ModelTraining<LabelMap> training =
        new ModelTraining<>(
            made.about(),
            new ModelTraining.Origin(
                "Spyhop Train Segmenter, " + arguments(), SOFTWARE, source.name()),
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
    try (CommandProgress progress =
        new CommandProgress(
            statusService, taskService, "Spyhop Train Segmenter", this::isCanceled)) {
      made.train(p -> training, resume, this, progress);
    }
  }

  private Dataset<LabelMap> read(Path folder, List<String> names) {
    AnnotationFiles files = new AnnotationFiles(new ImageFiles(), new RoiFormat());
    Optional<String> part = Optional.of(subset.strip()).filter(s -> !s.isEmpty());
    MaskFiles read =
        names.isEmpty()
            ? MaskFiles.objects(files, folder, Optional.empty(), part, Optional.empty())
            : MaskFiles.classes(files, folder, Optional.empty(), part, names);
    read.problems().forEach(line -> IJ.log("Spyhop: " + line));
    return read.samples();
  }

  private List<String> names() {
    return classes.isBlank()
        ? List.of()
        : Arrays.stream(classes.split(",")).map(String::strip).toList();
  }

  private static SegmentationTask task(List<String> names) {
    return names.isEmpty() ? InstanceSegmentation.of("object") : SemanticSegmentation.of(names);
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

  private String arguments() {
    return Strings.format(
        "complete=%s classes=[%s] subset=[%s] validation=%s network=%s epochs=%d seed=%d steps=%d batch=%d"
            + " crop=%d widths=[%s]",
        complete, classes, subset, validation, network, epochs, seed, steps, batch, crop, widths);
  }
}
