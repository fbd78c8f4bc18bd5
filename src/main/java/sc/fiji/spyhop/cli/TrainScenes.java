package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.SceneLesson;
import sc.fiji.spyhop.training.SceneTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;

/** Trains on boxes or keypoints, in whatever format they are. */
abstract class TrainScenes extends TrainModel {

  private static final int ONE_SIZE = 128;

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
  void check() {
    options();
  }

  private TrainingOptions options() {
    return learning
        .options(augment.augmentation())
        .with()
        .crop(picture.orElse(TrainingOptions.SCENES.crop()))
        .build();
  }

  @Override
  TrainingRun plan() {
    ImageReader reader = images().reader(this);
    SceneLesson lesson = lesson(open(reader, images().subset()));
    lesson.set().problems().summary().forEach(console()::say);
    Dataset<Annotation> all = lesson.set().samples(reader);
    Split<Annotation> parts =
        held()
            .split(
                all,
                share -> Split.byImage(all, share, learning.seed()),
                name -> lesson(open(reader, Optional.of(name))).set().samples(reader));
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
            about.about(output()),
            origin(),
            lesson.task(),
            plan.network(),
            Optional.of(plan.weights()),
            plan.input(),
            split.train(),
            split.validation(),
            options());
    return training::run;
  }

  private AnnotatedSet open(ImageReader reader, Optional<String> subset) {
    return new AnnotationFiles(reader, new RoiFormat()).open(data(), images().index(), subset);
  }
}
