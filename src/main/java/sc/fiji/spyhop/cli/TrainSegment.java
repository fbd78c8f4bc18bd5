package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.SegmentationNetwork;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;

/** Trains a model that segments. */
@Command(
    name = "segment",
    sortOptions = false,
    customSynopsis = "spyhop train segment --data DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that segments objects or classes of pixels.",
      "It learns from images and label images of your own: DIR/images/NAME.tif with",
      "DIR/labels/NAME.tif (0 for background, another number for each object), or NAME.tif with",
      "NAME_labels.tif beside it; or from COCO masks and polygons, YOLO polygons, or areas in zips of",
      "ImageJ's ROI Manager, see docs/annotation-formats.md. Ctrl-C ends it and keeps the best network",
      "so far; --resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop train segment --data mydata --output my.spyhop",
      "  spyhop train segment --data mydata --output my.spyhop --resume",
      "  spyhop train segment --data mydata --output tissue.spyhop --classes background,lumen,wall"
    })
final class TrainSegment extends TrainModel {

  private enum NormalizationName {
    PERCENTILE,
    MIN_MAX,
    Z_SCORE
  }

  /** What to learn. */
  static final class TaskOptions {
    @Option(
        names = "--object",
        paramLabel = "NAME",
        description =
            "What one object is called (default: object); if annotations have a class of this name,"
                + " only its objects.")
    private Optional<String> object = Optional.empty();

    @Option(
        names = "--classes",
        split = ",",
        paramLabel = "NAME",
        description =
            "Tell classes of pixels apart instead of objects: names of labels 0, 1, ..., the first"
                + " being the background; the others are the classes of annotations (default: those"
                + " of DIR/classes.csv if it is there).")
    private List<String> classes = List.of();

    @Option(
        names = "--ignore",
        paramLabel = "LABEL",
        description =
            "With --classes: pixels of this label are not annotated either, as those of 65535.")
    private Optional<Integer> ignore = Optional.empty();
  }

  @Mixin private TaskOptions task = new TaskOptions();

  /** Network. */
  static final class NetworkOptions {
    @Option(
        names = "--network",
        paramLabel = "NAME",
        description = "unet, or unet-half: three times faster (default: unet).")
    private String network = "unet";

    @Option(
        names = "--widths",
        split = ",",
        paramLabel = "N",
        description =
            "Channels of each level, finest first; each level halves the image (default:"
                + " 16,32,64,128,256 or, with unet-half, 32,48,64,96).")
    private List<Integer> widths = List.of();

    @Option(
        names = "--start",
        paramLabel = "NAME|FILE",
        description = "Begin with the weights of this model, of the same network and task.")
    private Optional<String> start;

    @Option(
        names = "--normalization",
        paramLabel = "NAME",
        description =
            "percentile (1 to 99.8), min_max or z_score of each image (default: percentile).")
    private NormalizationName normalization = NormalizationName.PERCENTILE;
  }

  @Mixin private NetworkOptions design = new NetworkOptions();

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description = "Width and height of crops (default: 128).")
  private Optional<Integer> crop = Optional.empty();

  @Mixin private LearningOptions learning = new LearningOptions(TrainingOptions.DEFAULT);

  @Mixin private AugmentOptions augment = new AugmentOptions(AugmentOptions.Preset.MICROSCOPY);

  @Mixin private AboutOptions about = new AboutOptions();

  @Override
  void check() {
    options();
    task();
  }

  @Override
  TrainingRun plan() {
    SegmentationTask segmentation = task();
    SegmentationNetwork architecture = new SegmentationNetwork(design.network, design.widths);
    Dataset<LabelMap> all = read(images().subset());
    Split<LabelMap> split =
        held()
            .split(
                all,
                share -> Split.byImage(all, share, learning.seed()),
                name -> read(Optional.of(name)));
    Frame first = split.train().get(0).frame();
    ModelTraining<LabelMap> training =
        new ModelTraining<>(
            about.about(output()),
            origin(),
            segmentation,
            architecture.network(first.channels(), segmentation),
            design.start.map(s -> ModelRegistry.standard().find(s).weights()),
            new ModelSpec.Input(Axes.NCHW, first.channels(), normalization(), first.pixelSize()),
            split.train(),
            split.validation(),
            options());
    return training::run;
  }

  private TrainingOptions options() {
    TrainingOptions options = learning.options(augment.augmentation());
    return crop.isPresent() ? options.with().crop(crop.get()).build() : options;
  }

  private SegmentationTask task() {
    if (task.object.isPresent() && !task.classes.isEmpty()) {
      throw misuse("--object and --classes exclude each other.");
    }
    List<String> classes = classes();
    if (classes.isEmpty()) {
      if (task.ignore.isPresent()) throw misuse("--ignore goes with --classes.");
      return InstanceSegmentation.of(task.object.orElse("object"));
    }
    return new SemanticSegmentation(classes, List.of(), task.ignore.orElse(-1), 1);
  }

  /** None to find objects. */
  private List<String> classes() {
    return task.classes.isEmpty() && task.object.isEmpty()
        ? SegmentationFolder.classes(data())
        : task.classes;
  }

  private Normalization normalization() {
    return switch (design.normalization) {
      case PERCENTILE -> new Normalization.Percentile(1, 99.8);
      case MIN_MAX -> new Normalization.MinMax();
      case Z_SCORE -> new Normalization.ZScore();
    };
  }

  private Dataset<LabelMap> read(Optional<String> subset) {
    AnnotationFiles formats = new AnnotationFiles(images().reader(this), new RoiFormat());
    List<String> classes = classes();
    MaskFiles read =
        classes.isEmpty()
            ? MaskFiles.objects(formats, data(), images().index(), subset, task.object)
            : MaskFiles.classes(formats, data(), images().index(), subset, classes);
    read.problems().forEach(console()::say);
    return read.samples();
  }
}
