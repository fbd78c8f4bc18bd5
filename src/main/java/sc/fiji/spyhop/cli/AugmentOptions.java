package sc.fiji.spyhop.cli;

import java.util.Optional;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Range;

/** How training images are varied. Each option changes one thing of the default or of none. */
final class AugmentOptions {

  /** What to start from. */
  enum Preset {
    MICROSCOPY,
    MILD,
    NONE;

    private Augmentation augmentation() {
      return switch (this) {
        case MICROSCOPY -> Augmentation.DEFAULT;
        case MILD -> Augmentation.MILD;
        case NONE -> Augmentation.NONE;
      };
    }
  }

  private final Preset usual;

  @Option(
      names = "--augment",
      paramLabel = "microscopy|mild|none",
      description =
          "What the options below start from: flips, rotation, size, contrast and brightness; a"
              + " little of these without flips; or nothing (default: microscopy for segmentation,"
              + " else mild).")
  private Optional<Preset> preset = Optional.empty();

  @Option(
      names = "--flip",
      negatable = true,
      description = "Mirror in both directions and rotate by quarter turns.")
  private Optional<Boolean> flip = Optional.empty();

  @Option(
      names = "--rotation",
      paramLabel = "DEGREES",
      description = "Rotate by up to this angle either way.")
  private Optional<Double> rotation = Optional.empty();

  @Option(
      names = "--scale",
      paramLabel = "LOW..HIGH",
      converter = RangeConverter.class,
      description = "Magnify by a factor of this range.")
  private Optional<Range> scale = Optional.empty();

  @Option(
      names = "--shear",
      paramLabel = "DEGREES",
      description = "Shear by up to this angle either way.")
  private Optional<Double> shear = Optional.empty();

  @Option(
      names = "--contrast",
      paramLabel = "LOW..HIGH",
      converter = RangeConverter.class,
      description = "Multiply intensities.")
  private Optional<Range> contrast = Optional.empty();

  @Option(
      names = "--brightness",
      paramLabel = "LOW..HIGH",
      converter = RangeConverter.class,
      description = "Add to intensities, which mostly lie between 0 and 1.")
  private Optional<Range> brightness = Optional.empty();

  @Option(
      names = "--gamma",
      paramLabel = "LOW..HIGH",
      converter = RangeConverter.class,
      description = "Raise intensities to a power.")
  private Optional<Range> gamma = Optional.empty();

  @Option(
      names = "--noise",
      paramLabel = "LOW..HIGH",
      converter = RangeConverter.class,
      description = "Add Gaussian noise of this standard deviation.")
  private Optional<Range> noise = Optional.empty();

  @Option(
      names = "--blur",
      paramLabel = "LOW..HIGH",
      converter = RangeConverter.class,
      description = "Blur with a Gaussian of this standard deviation in pixels.")
  private Optional<Range> blur = Optional.empty();

  AugmentOptions(Preset usual) {
    this.usual = usual;
  }

  Augmentation augmentation() {
    return augmentation(usual);
  }

  /**
   * @param usual instead of what is usual for the command
   */
  Augmentation augmentation(Preset usual) {
    Augmentation a = preset.orElse(usual).augmentation();
    if (flip.isPresent()) a = a.withFlips(flip.get(), flip.get()).withQuarterTurns(flip.get());
    if (rotation.isPresent() || scale.isPresent() || shear.isPresent()) {
      a =
          a.withAffine(
              a.affineShare() > 0 ? a.affineShare() : Augmentation.DEFAULT.affineShare(),
              rotation.orElse(a.rotation()),
              scale.orElse(a.scale()),
              shear.orElse(a.shear()));
    }
    return a.withIntensity(
            contrast.orElse(a.contrast()),
            brightness.orElse(a.brightness()),
            gamma.orElse(a.gamma()))
        .withQuality(noise.orElse(a.noise()), blur.orElse(a.blur()));
  }
}
