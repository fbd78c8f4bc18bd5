package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.Folders;
import sc.fiji.spyhop.Version;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.SegmentationNetwork;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.weights.Weights;

/** Trains a model that segments. */
@Command(
    name = "segment",
    sortOptions = false,
    customSynopsis = "spyhop train segment --data DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that finds objects, or tells classes of pixels apart.",
      "It learns from images and label images of your own: DIR/images/NAME.tif with",
      "DIR/labels/NAME.tif (0 for background, another number for each object), or NAME.tif with",
      "NAME_labels.tif beside it; or from COCO masks and polygons, YOLO polygons, or areas in zips of",
      "ImageJ's ROI Manager, see docs/annotation-formats.md. Ctrl-C ends it and keeps the best network so far; --resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop train segment --data mydata --output my.spyhop",
      "  spyhop train segment --data mydata --output my.spyhop --resume",
      "  spyhop train segment --data mydata --output tissue.spyhop --classes background,lumen,wall"
    })
final class TrainSegment extends Job {

  private enum NormalizationName {
    PERCENTILE,
    MIN_MAX,
    Z_SCORE
  }

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR|FILE",
      description = "Folder of images with label images or annotations; or an annotation file.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Model to write, such as my.spyhop.")
  private Path output;

  /** Which images. */
  static final class FileOptions {
    @Option(
        names = "--index",
        paramLabel = "CSV",
        description = "Table with the columns name and subset (default: DIR/index.csv).")
    private Optional<Path> index = Optional.empty();

    @Option(
        names = "--subset",
        paramLabel = "NAME",
        description = "Train on this subset of the index only.")
    private Optional<String> subset = Optional.empty();

    @Option(
        names = "--validation",
        paramLabel = "SHARE",
        description =
            "Share of the images to validate on, never trained on (default: 0.1; 0 for none).")
    private Optional<Double> validation = Optional.empty();

    @Option(
        names = "--validation-subset",
        paramLabel = "NAME",
        description = "Validate on this subset of the index instead.")
    private Optional<String> validationSubset = Optional.empty();
  }

  @Mixin private FileOptions files = new FileOptions();

  @Option(
      names = "--channel",
      paramLabel = "N",
      description = "Learn from this channel only, from 1, if the images have several.")
  private Optional<Integer> channel;

  @Option(names = "--grey", description = "Make one channel out of all, such as grey out of RGB.")
  private boolean grey;

  @Option(names = "--force", description = "Replace a model or a training that exists.")
  private boolean force;

  @Option(names = "--resume", description = "Go on with the training that was interrupted.")
  private boolean resume;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description =
          "Folder for history.csv and what --resume needs (default: FILE without its ending, plus"
              + " -training).")
  private Optional<Path> checkpoints;

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
  public Integer call() {
    TrainingOptions options = options();
    SegmentationTask segmentation = task();
    SegmentationNetwork architecture = new SegmentationNetwork(design.network, design.widths);
    Path folder = checkpointFolder();
    requireFree(output, force || resume);
    Path parent = output.toAbsolutePath().getParent();
    Folders.requireWritable(parent);
    if (!resume && !force) Trainings.requireNone(folder);
    Split<LabelMap> split = split();
    Optional<Weights> weights = design.start.map(s -> ModelRegistry.standard().find(s).weights());
    Frame first = split.train().get(0).frame();
    ModelTraining<LabelMap> training =
        new ModelTraining<>(
            about.about(output),
            new ModelTraining.Origin(
                Trainings.command(spec),
                "Spyhop " + Version.number(),
                data.getFileName().toString()),
            segmentation,
            architecture.network(first.channels(), segmentation),
            weights,
            new ModelSpec.Input(Axes.NCHW, first.channels(), normalization(), first.pixelSize()),
            split.train(),
            split.validation(),
            options);
    return Trainings.run(
        console(),
        training::run,
        resume ? Checkpoints.resumeIn(folder) : Checkpoints.startIn(folder),
        output);
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
        ? SegmentationFolder.classes(data)
        : task.classes;
  }

  private Normalization normalization() {
    return switch (design.normalization) {
      case PERCENTILE -> new Normalization.Percentile(1, 99.8);
      case MIN_MAX -> new Normalization.MinMax();
      case Z_SCORE -> new Normalization.ZScore();
    };
  }

  private Split<LabelMap> split() {
    if (files.validation.isPresent() && files.validationSubset.isPresent()) {
      throw misuse("--validation and --validation-subset exclude each other.");
    }
    double share = files.validation.orElse(0.1);
    if (!(share >= 0 && share < 1)) {
      throw misuse("--validation: expected a share from 0 to below 1, received " + share + ".");
    }
    Dataset<LabelMap> all = read(files.subset);
    if (files.validationSubset.isEmpty()) return Split.byImage(all, share, learning.seed());
    if (files.subset.isEmpty()) throw misuse("--validation-subset needs --subset.");
    return new Split<>(all, read(files.validationSubset));
  }

  private Dataset<LabelMap> read(Optional<String> subset) {
    AnnotationFiles formats = new AnnotationFiles(reader(), new RoiFormat());
    List<String> classes = classes();
    MaskFiles read =
        classes.isEmpty()
            ? MaskFiles.objects(formats, data, files.index, subset, task.object)
            : MaskFiles.classes(formats, data, files.index, subset, classes);
    read.problems().forEach(console()::say);
    return read.samples();
  }

  private ImageReader reader() {
    if (channel.isEmpty() && !grey) return new ImageFiles();
    if (channel.isPresent() && grey) throw misuse("--channel and --grey exclude each other.");
    return new ImageFiles(grey ? ChannelChoice.GREY : ChannelChoice.channel(channel.get()), 1);
  }

  private Path checkpointFolder() {
    return checkpoints.orElseGet(() -> output.resolveSibling(Trainings.name(output) + "-training"));
  }
}
