package sc.fiji.spyhop.command;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.CommonSize;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ObjectDiameters;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.dataset.format.OverlapFiles;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.NormalizationPlugin;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.SegmentationNetwork;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Trains a model on images and label images, or on an open image with areas drawn. In a macro:
 *
 * <pre>run("Spyhop Train Segmenter", "data=/data/cells output=/data/cells.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Segmenter",
    headless = true,
    initializer = "offerImages",
    description = "Trains a model that segments objects or classes of pixels.")
public final class TrainSegmenterCommand extends TrainModelCommand<LabelMap> {

  @Parameter(label = "Everything is labelled", persist = false, description = COMPLETE_HELP)
  @InImageJ
  private boolean complete = false;

  @Parameter(
      label = "Objects",
      required = false,
      persist = false,
      description =
          "What one object is called, empty for object; if annotations have a class of this name,"
              + " only its objects are learnt. Several names with commas: the classes of objects,"
              + " which are told apart.")
  @InShell("NAME,...")
  private String object = "";

  @Parameter(
      label = "Classes of pixels",
      required = false,
      persist = false,
      description =
          "Classes of pixels to tell apart, instead of objects: names of labels 0, 1, ... with"
              + " commas, the first being the background; empty for those of classes.csv of the"
              + " data, if it is there, else to find objects.")
  @InShell("NAME,...")
  private String classes = "";

  @Parameter(
      label = "Classes may overlap",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "A pixel may be of several classes, or of none: learnt from masks of each class,"
              + " masks/NAME_CLASS.png or masks/CLASS/NAME.png, or from outlines with classes."
              + " Classes are then named without a background; one alone is enough.")
  private boolean several = false;

  @Parameter(
      label = "Network",
      visibility = ItemVisibility.INVISIBLE,
      choices = {"unet", "unet-half"},
      persist = false,
      description = "Architecture of the network; unet-half is three times faster, and less fine.")
  private String network = "unet";

  @Parameter(
      label = "Label to ignore",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = IGNORE_HELP)
  @InShell("LABEL")
  private String ignore = "";

  @Parameter(
      label = "Size of crops (pixels)",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      max = "16384",
      persist = false,
      description = "Width and height of crops; a multiple of 32 is best.")
  private int crop = TrainingOptions.DEFAULT.crop();

  @Parameter(
      label = "Widths of the network",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Channels of each level, finest first, with commas; each level halves the image. Empty for"
              + " 16,32,64,128,256 or, with unet-half, 32,48,64,96.")
  @InShell("N,...")
  private String widths = "";

  @Parameter(
      label = "Weights to start from",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Name or file of a model of the same network and task; empty for random weights.")
  @InShell("NAME|FILE")
  private String start = "";

  @Parameter(
      label = "Diameter of objects",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Resizes each image such that its median object has this diameter in pixels, so that images"
              + " of different magnification train one model; auto: where sizes differ widely; none:"
              + " images stay as they are.")
  @InShell("auto|none|PIXELS")
  private String diameter = "auto";

  @Parameter(
      label = "Normalization",
      choices = {"percentile", "min_max", "z_score"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "How intensities of each image are normalized; percentile: 1 to 99.8. Plugins may"
              + " bring more, with settings such as logarithm(floor=5).")
  @FromPlugins(NormalizationPlugin.class)
  private String normalization = "percentile";

  /** Made by ImageJ and by the shell, which then fill in the parameters. */
  public TrainSegmenterCommand() {
    super(TrainingOptions.DEFAULT);
  }

  @Override
  void check() {
    super.check();
    integers("widths", widths);
    if (!object.isBlank() && !classes.isBlank()) {
      throw SettingException.wrong("object", "it and classes of pixels exclude each other.");
    }
    if (several && !object.isBlank()) {
      throw SettingException.wrong("object", "it and several exclude each other: name classes.");
    }
    if (several && ignoredLabel() >= 0) {
      throw SettingException.wrong("ignore", "it goes with label images, not with masks.");
    }
    ignoredLabel();
    SegmentationTask task = task(words(classes));
    if (!object.isBlank() || !classes.isBlank() || several) requireLossFor(task);
  }

  @Override
  TrainingOptions options() {
    return options(Augmentation.DEFAULT);
  }

  private TrainingOptions options(Augmentation auto) {
    return options(epochs(), seed(), auto).with().crop(crop).build();
  }

  @Override
  TrainingData source(Caller caller) {
    List<String> names = words(classes);
    boolean classed = words(object).size() > 1;
    return TrainingData.of(
        this,
        marks ->
            several
                ? new TrainingData.Wanted(Kind.OVERLAPS, names)
                : classed
                    ? TrainingData.Wanted.of(Kind.OBJECTS)
                    : new TrainingData.Wanted(
                        names.isEmpty() ? Kind.painted(marks) : Kind.PIXELS, names),
        complete,
        caller);
  }

  @Override
  Plan<LabelMap> plan(TrainingData source, Caller caller, Progress progress) {
    if (several) return overlapping(source, caller, progress);
    List<String> known =
        classes.isBlank() && object.isBlank()
            ? SegmentationFolder.classes(source.folder())
            : words(classes);
    SegmentationTask task = task(known);
    requireLossFor(task);
    MaskFiles found = read(source, known, subset(), caller);
    if (words(object).size() > 1) found.requireAll(words(object));
    if (known.isEmpty() && object.isBlank()) found.untold().ifPresent(caller::note);
    Split<LabelMap> split =
        split(
            source,
            found.samples(),
            name -> read(source, known, Optional.of(name), caller).samples(),
            caller,
            progress);
    return plan(task, split, caller, progress);
  }

  private Plan<LabelMap> overlapping(TrainingData source, Caller caller, Progress progress) {
    OverlapFiles found = overlaps(source, words(classes), subset(), caller);
    Split<LabelMap> split =
        split(
            source,
            found.samples(),
            name -> overlaps(source, found.classes(), Optional.of(name), caller).samples(),
            caller,
            progress);
    caller.note(
        Strings.format(
            "A pixel may be of several classes, or of none: %s.",
            String.join(", ", found.classes())));
    return plan(MultiLabelSegmentation.of(found.classes()), split, caller, progress);
  }

  private OverlapFiles overlaps(
      TrainingData source, List<String> names, Optional<String> part, Caller caller) {
    OverlapFiles read = OverlapFiles.read(annotations(), source.folder(), index(), part, names);
    read.problems().forEach(caller::note);
    return read;
  }

  private Plan<LabelMap> plan(
      SegmentationTask task, Split<LabelMap> drawn, Caller caller, Progress progress) {
    Split<LabelMap> split = drawn;
    boolean objects = task.labelClasses().isEmpty();
    ObjectDiameters measured =
        objects
            ? ObjectDiameters.of(split.train(), task::ignores, progress)
            : new ObjectDiameters(List.of());
    Optional<CommonSize> common = common(task, measured, caller);
    Optional<Dataset<LabelMap>> original = Optional.empty();
    if (common.isPresent()) {
      original = Optional.of(split.validation());
      split = common.get().of(split);
    }
    Frame first = split.train().get(0).frame();
    return new Plan<>(
        task,
        new SegmentationNetwork(network, integers("widths", widths))
            .network(first.channels(), task),
        word(start).map(s -> ModelRegistry.standard().find(s).weights()),
        new ModelSpec.Input(
                Axes.NCHW,
                first.channels(),
                setting("normalization", () -> Normalization.ofEachImage(normalization))
                    .orElseThrow(),
                common.isPresent()
                    ? PixelSize.UNCALIBRATED
                    : ImageInputs.pixelSize(split.train(), progress))
            .withObjects(
                ObjectSizes.of(common.map(measured::together).orElseGet(measured::together))),
        split,
        original,
        options(common.isPresent() ? Augmentation.SIZES : Augmentation.DEFAULT));
  }

  /** The size that images are resized to; absent if they stay as they are. */
  private Optional<CommonSize> common(
      SegmentationTask task, ObjectDiameters measured, Caller caller) {
    if (!task.labelClasses().isEmpty() || diameter.equals("none")) return Optional.empty();
    OptionalDouble asked = number("diameter", diameter.equals("auto") ? "" : diameter, 1000);
    OptionalDouble pixels = asked.isPresent() ? asked : measured.common();
    if (pixels.isEmpty()) return Optional.empty();
    if (asked.isEmpty()) {
      caller.note(
          Strings.format(
              "Sizes of objects differ widely between images: each is resized to a median diameter"
                  + " of %s pixels.",
              Digits.six(pixels.getAsDouble())));
    }
    return Optional.of(new CommonSize(pixels.getAsDouble(), task::ignores));
  }

  private MaskFiles read(
      TrainingData source, List<String> names, Optional<String> part, Caller caller) {
    MaskFiles read =
        names.isEmpty()
            ? MaskFiles.objects(
                annotations(), source.folder(), index(), part, words(object), ignoredLabel())
            : MaskFiles.classes(
                annotations(), source.folder(), index(), part, names, ignoredLabel());
    read.problems().forEach(caller::note);
    return read;
  }

  private SegmentationTask task(List<String> names) {
    if (several) return MultiLabelSegmentation.of(names.isEmpty() ? List.of("class") : names);
    if (names.isEmpty()) {
      InstanceSegmentation objects =
          InstanceSegmentation.of(object.isBlank() ? List.of("object") : words(object));
      return startsWithoutSizes() ? objects : objects.withSizes();
    }
    return new SemanticSegmentation(names, List.of(), ignoredLabel(), 1);
  }

  /** Whether the network that the training starts from tells no sizes of objects. */
  private boolean startsWithoutSizes() {
    return word(start)
        .flatMap(s -> ModelRegistry.standard().findSpec(s))
        .map(s -> s.task() instanceof InstanceSegmentation known && !known.sized())
        .orElse(false);
  }

  /** Of pixels that are not annotated; -1 for none. */
  private int ignoredLabel() {
    return label("ignore", ignore);
  }
}
