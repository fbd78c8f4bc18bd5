package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.Folders;
import sc.fiji.spyhop.Version;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.SceneLesson;
import sc.fiji.spyhop.training.SceneTraining;
import sc.fiji.spyhop.training.TrainingOptions;

/** Trains on boxes or keypoints, in whatever format they are. */
abstract class TrainScenes extends Job {

  private static final int ONE_SIZE = 128;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE|DIR",
      description = "Annotated images, in any format; see docs/annotation-formats.md.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Model to write, such as my.spyhop.")
  private Path output;

  @Mixin private ImageSetOptions images = new ImageSetOptions();

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      description =
          "Share of the images to validate on, never trained on (default: 0.1; 0 for none).")
  private Optional<Double> validation = Optional.empty();

  @Option(
      names = "--validation-subset",
      paramLabel = "NAME",
      description = "Validate on this subset of the table instead.")
  private Optional<String> validationSubset = Optional.empty();

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

  @Option(
      names = "--zoom",
      paramLabel = "F",
      description =
          "Show images to the network in this scale (default: 1, 1/2, 1/4 ..., so that the longest"
              + " side is at most 512 pixels).")
  private Optional<Double> scale = Optional.empty();

  @Option(
      names = "--picture",
      paramLabel = "PIXELS",
      description =
          "Largest width and height of what the network is shown at once in training, after scaling"
              + " (default: 512; with --single or --objects, width and height: 128).")
  private Optional<Integer> picture = Optional.empty();

  @Option(
      names = "--stride",
      paramLabel = "N",
      description =
          "Pixels per cell of the network's maps, after scaling (default: 4 for boxes, 2 for keypoints).")
  private Optional<Integer> stride = Optional.empty();

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      description =
          "Features to build on: compact, a preset such as resnet18 (see spyhop network), or a"
              + " model, whose weights are taken over (default: compact).")
  private String network = SceneTraining.COMPACT;

  @Option(
      names = "--widths",
      split = ",",
      paramLabel = "N",
      description =
          "With compact: channels of each level, at strides 2, 4, 8 ... (default: 24,48,96,128).")
  private List<Integer> widths = List.of();

  @Mixin private LearningOptions learning = new LearningOptions(TrainingOptions.SCENES);

  @Mixin private AugmentOptions augment = new AugmentOptions(AugmentOptions.Preset.MILD);

  @Mixin private AboutOptions about = new AboutOptions();

  /** What is to be learnt of a set. */
  abstract SceneLesson lesson(AnnotatedSet set);

  /** Width and height where all that the network is shown has one size. */
  final int side() {
    if (scale.isPresent()) throw misuse("--zoom goes with images of any size; use --picture.");
    return picture.orElse(ONE_SIZE);
  }

  final Optional<Integer> stride() {
    return stride;
  }

  final Optional<Double> scale() {
    return scale;
  }

  @Override
  public Integer call() {
    TrainingOptions options =
        learning
            .options(augment.augmentation())
            .with()
            .crop(picture.orElse(TrainingOptions.SCENES.crop()))
            .build();
    Path folder =
        checkpoints.orElseGet(() -> output.resolveSibling(Trainings.name(output) + "-training"));
    requireFree(output, force || resume);
    Folders.requireWritable(output.toAbsolutePath().getParent());
    if (!resume && !force) Trainings.requireNone(folder);
    double share = validation.orElse(0.1);
    if (!(share >= 0 && share < 1)) {
      throw misuse("--validation: expected a share from 0 to below 1, received " + share + ".");
    }
    if (validation.isPresent() && validationSubset.isPresent()) {
      throw misuse("--validation and --validation-subset exclude each other.");
    }
    ImageReader reader = images.reader(this);
    SceneLesson lesson = lesson(open(reader, images.subset()));
    lesson.set().problems().summary().forEach(console()::say);
    Dataset<Annotation> all = lesson.set().samples(reader);
    Split<Annotation> parts =
        validationSubset.isEmpty()
            ? Split.byImage(all, share, learning.seed())
            : new Split<>(all, lesson(open(reader, validationSubset)).set().samples(reader));
    Split<Annotation> split;
    SceneTraining.Plan plan;
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Reading", 1)) {
      progress.begin("reading");
      split = lesson.samples(parts, progress);
      plan =
          SceneTraining.plan(
              split.train(),
              lesson.task(),
              new SceneTraining.Design(network, widths),
              lesson.fit(split.train()),
              learning.seed(),
              progress);
    }
    ModelTraining<Annotation> training =
        new ModelTraining<>(
            about.about(output),
            new ModelTraining.Origin(
                Trainings.command(spec),
                "Spyhop " + Version.number(),
                data.toAbsolutePath().getFileName().toString()),
            lesson.task(),
            plan.network(),
            Optional.of(plan.weights()),
            plan.input(),
            split.train(),
            split.validation(),
            options);
    return Trainings.run(
        console(),
        training::run,
        resume ? Checkpoints.resumeIn(folder) : Checkpoints.startIn(folder),
        output);
  }

  private AnnotatedSet open(ImageReader reader, Optional<String> subset) {
    return new AnnotationFiles(reader, new RoiFormat()).open(data, images.index(), subset);
  }
}
