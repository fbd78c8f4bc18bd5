package sc.fiji.spyhop.command;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.training.DetectionLesson;
import sc.fiji.spyhop.training.DetectionTraining;
import sc.fiji.spyhop.training.TrainingOptions;

/** Trains on boxes or keypoints, in whatever format they are. */
abstract class TrainDetectionCommand extends TrainModelCommand<Annotation> {

  private static final int ONE_SIZE = 128;

  @Parameter(
      label = "Scale",
      required = false,
      persist = false,
      description =
          "Pixels that the network is shown per pixel of the image, such as 0.5; empty for 1, 1/2,"
              + " 1/4 ..., so that the longest side is at most 512 pixels.")
  @InShell("F")
  private String zoom = "";

  @Parameter(
      label = "Backbone",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Features to build on: compact, a preset such as resnet18, or a model, whose weights are"
              + " taken over.")
  @InShell("NAME|FILE")
  private String network = DetectionTraining.COMPACT;

  @Parameter(
      label = "Widths of the network",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "With compact: channels of each level, at strides 2, 4, 8 ..., with commas; empty for"
              + " 24,48,96,128.")
  @InShell("N,...")
  private String widths = "";

  @Parameter(
      label = "Size of pictures (pixels)",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description =
          "Maximum width and height of what the network is shown at once in training, after scaling;"
              + " 0 for 512, or 128 where all pictures have one size.")
  private int picture = 0;

  @Parameter(
      label = "Pixels per cell",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description =
          "Pixels per cell of the network's maps, after scaling; 0 for 4 where boxes are learnt, 2 for keypoints.")
  private int stride = 0;

  @Parameter(
      label = "No direction is special",
      choices = {"auto", "true", "false"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "For earlier macros: true is augment=microscopy, false is augment=mild.")
  @InImageJ
  private String turns = "auto";

  TrainDetectionCommand() {
    super(TrainingOptions.DETECTION);
  }

  /** What is drawn in an open image. */
  abstract Kind kind();

  @Override
  final boolean measuresIntensities() {
    return network.equals(DetectionTraining.COMPACT) || Preset.isName(network);
  }

  /** What is to be learnt of a set. */
  abstract DetectionLesson lesson(AnnotatedSet set);

  /** Width and height where all that the network is shown has one size. */
  final int side() {
    if (!zoom.isBlank()) {
      throw SettingException.wrong(
          "zoom", "expected nothing, since all pictures have one size, received " + zoom + ".");
    }
    return picture == 0 ? ONE_SIZE : picture;
  }

  /** Features come at powers of two. */
  final Optional<Integer> stride() {
    if (stride > 32 || Integer.bitCount(stride) > 1) {
      throw SettingException.wrong(
          "stride", "expected 1, 2, 4, 8, 16 or 32 pixels, received " + stride + ".");
    }
    return stride == 0 ? Optional.empty() : Optional.of(stride);
  }

  final Optional<Double> scale() {
    OptionalDouble scale = number("zoom", zoom);
    return scale.isPresent() ? Optional.of(scale.getAsDouble()) : Optional.empty();
  }

  @Override
  void check() {
    super.check();
    scale();
    stride();
    integers("widths", widths);
  }

  @Override
  TrainingOptions options() {
    Augmentation auto = turns.equals("true") ? Augmentation.DEFAULT : Augmentation.MILD;
    return options(epochs(), seed(), auto)
        .with()
        .crop(picture == 0 ? TrainingOptions.DETECTION.crop() : picture)
        .build();
  }

  @Override
  TrainingData source(Caller caller) {
    return TrainingData.of(this, marks -> TrainingData.Wanted.of(kind()), false, caller);
  }

  @Override
  Plan<Annotation> plan(TrainingData source, Caller caller, Progress progress) {
    DetectionLesson lesson = lesson(open(source, subset()));
    requireLossFor(lesson.task());
    lesson.set().problems().summary().forEach(caller::note);
    Dataset<Annotation> all = lesson.set().samples(reader());
    Split<Annotation> parts =
        split(
            source,
            all,
            name -> lesson(open(source, Optional.of(name))).set().samples(reader()),
            caller,
            progress);
    Split<Annotation> split = lesson.samples(parts, progress);
    List<Integer> levels = integers("widths", widths);
    DetectionTraining.Plan plan =
        DetectionTraining.plan(
            split.train(),
            lesson.task(),
            new DetectionTraining.Design(network, levels),
            lesson.fit(split.train()),
            seed(),
            progress);
    return new Plan<>(
        lesson.task(), plan.network(), Optional.of(plan.weights()), plan.input(), split, options());
  }

  private AnnotatedSet open(TrainingData source, Optional<String> part) {
    return annotations().open(source.folder(), index(), part);
  }
}
