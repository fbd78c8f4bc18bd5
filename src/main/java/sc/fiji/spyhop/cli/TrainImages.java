package sc.fiji.spyhop.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.ImageNetwork;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;

/** What trainings on whole images have in common. */
abstract class TrainImages<T> extends TrainModel {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

  private enum NormalizationName {
    STANDARD,
    PERCENTILE,
    MIN_MAX,
    Z_SCORE
  }

  /** Network. */
  static final class NetworkOptions {
    @Option(
        names = "--network",
        paramLabel = "TEXT",
        description =
            "A preset such as lenet or resnet18, or layers such as \"20C5 MP2 50C5 MP2 FC256\"; see"
                + " spyhop network (default: small, a plain network of six convolutions).")
    private String network = ImageNetwork.SMALL;

    @Option(
        names = "--size",
        paramLabel = "WxH",
        description =
            "Pixels the network is shown; images are scaled to it (default: those of the images if"
                + " all are alike and at most 128x128, else 128x128).")
    private Optional<String> size = Optional.empty();

    @Option(
        names = "--normalization",
        paramLabel = "NAME",
        description =
            "standard (mean 0, deviation 1 over the training set), or of each image: percentile,"
                + " min_max, z_score (default: standard).")
    private NormalizationName normalization = NormalizationName.STANDARD;
  }

  @Mixin private NetworkOptions design = new NetworkOptions();

  @Mixin private LearningOptions learning = new LearningOptions(TrainingOptions.IMAGES);

  @Mixin private AugmentOptions augment = new AugmentOptions(AugmentOptions.Preset.MILD);

  @Mixin private AboutOptions about = new AboutOptions();

  /** The images in two parts. */
  abstract Split<T> split(long seed);

  /** What the network is to say, once the images are known. */
  abstract ImageTask<T> task(Split<T> split);

  @Override
  void check() {
    learning.options(augment.augmentation());
    design.size.ifPresent(this::size);
  }

  @Override
  TrainingRun plan() {
    Split<T> split = split(learning.seed());
    ImageTask<T> task = task(split);
    ModelSpec.Input input;
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Reading", 1)) {
      progress.begin("reading");
      input = ImageInputs.of(split.train(), design.size.map(this::size), normalization(), progress);
    }
    var view = input.fit().view(1, 1);
    ModelTraining<T> training =
        new ModelTraining<>(
            about.about(output()),
            origin(),
            task,
            ImageNetwork.of(
                design.network, Shape.of(input.channels(), view.height(), view.width()), task),
            Optional.empty(),
            input,
            split.train(),
            split.validation(),
            learning.options(augment.augmentation()));
    return training::run;
  }

  private ImageInputs.Size size(String text) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw misuse("--size: expected pixels such as 64 or 96x64, received " + text + ".");
    }
    int width = Integer.parseInt(size.group(1));
    return new ImageInputs.Size(
        width, size.group(2) == null ? width : Integer.parseInt(size.group(2)));
  }

  private Optional<Normalization> normalization() {
    return switch (design.normalization) {
      case STANDARD -> Optional.empty();
      case PERCENTILE -> Optional.of(new Normalization.Percentile(1, 99.8));
      case MIN_MAX -> Optional.of(new Normalization.MinMax());
      case Z_SCORE -> Optional.of(new Normalization.ZScore());
    };
  }
}
