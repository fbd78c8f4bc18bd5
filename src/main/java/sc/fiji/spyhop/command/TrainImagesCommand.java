package sc.fiji.spyhop.command;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.NormalizationPlugin;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.ImageNetwork;
import sc.fiji.spyhop.training.TrainingOptions;

/** Trains on whole images. */
abstract class TrainImagesCommand<T> extends TrainModelCommand<T> {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

  @Parameter(
      label = "Network",
      persist = false,
      description =
          "Architecture of the network: small, a plain network of six convolutions; a preset such as lenet or resnet18; or layers"
              + " such as 20C5 MP2 50C5 MP2 FC256, see docs/notation.md.")
  private String network = ImageNetwork.SMALL;

  @Parameter(
      label = "Size (pixels)",
      required = false,
      persist = false,
      description =
          "Width and height that images are scaled to, such as 64 or 96x64; 0 for their own if all"
              + " are alike and at most 128x128, else 128x128.")
  @InShell("WxH")
  private String size = "0";

  @Parameter(
      label = "Normalization",
      choices = {"standard", "percentile", "min_max", "z_score"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "How intensities are normalized. standard: mean 0 and deviation 1 over the training set; or of each image: percentile,"
              + " min_max or z_score. Plugins may bring more, with settings such as logarithm(floor=5).")
  @FromPlugins(NormalizationPlugin.class)
  private String normalization = "standard";

  TrainImagesCommand() {
    super(TrainingOptions.IMAGES);
  }

  /** What the labels of slices of an open image are. */
  abstract TrainingData.Wanted labels();

  /** Images in two parts, and the task. */
  record Labelled<T>(Split<T> split, ImageTask<T> task) {}

  /** What is known about the images, and what the network is to say. */
  abstract Labelled<T> read(TrainingData source, Caller caller, Progress progress);

  @Override
  void check() {
    super.check();
    size();
  }

  @Override
  TrainingOptions options() {
    return options(epochs(), seed(), Augmentation.MILD);
  }

  @Override
  TrainingData source(Caller caller) {
    return TrainingData.of(this, marks -> labels(), false, caller);
  }

  @Override
  Plan<T> plan(TrainingData source, Caller caller, Progress progress) {
    Labelled<T> images = read(source, caller, progress);
    ModelSpec.Input input =
        ImageInputs.of(
            images.split.train(),
            size(),
            setting("normalization", () -> Normalization.ofEachImage(normalization)),
            progress);
    var view = input.fit().view(1, 1);
    return new Plan<>(
        images.task,
        setting(
            "network",
            () ->
                ImageNetwork.of(
                    network, Shape.of(input.channels(), view.height(), view.width()), images.task)),
        Optional.empty(),
        input,
        images.split,
        options());
  }

  private Optional<ImageInputs.Size> size() {
    String text = size.strip().toLowerCase(Locale.ROOT);
    if (List.of("", "0").contains(text)) return Optional.empty();
    Matcher sides = SIZE.matcher(text);
    if (!sides.matches()) {
      throw SettingException.wrong(
          "size", "expected pixels such as 64 or 96x64, received " + size + ".");
    }
    int width = Integer.parseInt(sides.group(1));
    return Optional.of(
        new ImageInputs.Size(
            width, sides.group(2) == null ? width : Integer.parseInt(sides.group(2))));
  }
}
