package sc.fiji.spyhop.command;

import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Range;
import sc.fiji.spyhop.dataset.Variation;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.task.metrics.PluginMetrics;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Decimals;

/** Learns by gradient descent from images that are varied. */
@Group("Augmentation")
abstract class AugmentCommand extends LearningCommand {

  @Parameter(
      label = "Augmentation",
      choices = {"auto", "microscopy", "mild", "none"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "How images are varied in training. microscopy: flips, quarter turns, rotation, size,"
              + " contrast and brightness, as suits images in which no direction is special; mild: a"
              + " little of these without flips; auto: microscopy for segmentation, flips and quarter"
              + " turns alone to restore, else mild.")
  private String augment = "auto";

  @Parameter(
      label = "Flips",
      choices = {"auto", "true", "false"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Whether images are mirrored in both directions and rotated by quarter turns; auto: as the"
              + " augmentation says.")
  @InShell(flags = "--no-flip=false")
  private String flip = "auto";

  @Parameter(
      label = "Rotation",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Largest angle of a rotation, degrees; empty: as the augmentation says.")
  @InShell("DEGREES")
  private String rotation = "";

  @Parameter(
      label = "Magnification",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Magnifies by a factor of a range such as 0.8..1.25; empty: as the augmentation says.")
  @InShell("LOW..HIGH")
  private String scale = "";

  @Parameter(
      label = "Shear",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Largest angle of a shear, degrees; empty: as the augmentation says.")
  @InShell("DEGREES")
  private String shear = "";

  @Parameter(
      label = "Contrast",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Multiplies intensities by a factor of a range; empty: as the augmentation says.")
  @InShell("LOW..HIGH")
  private String contrast = "";

  @Parameter(
      label = "Brightness",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Adds a number of a range to intensities, which mostly lie between 0 and 1; empty: as the"
              + " augmentation says.")
  @InShell("LOW..HIGH")
  private String brightness = "";

  @Parameter(
      label = "Gamma",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Raises intensities to a power of a range; empty: as the augmentation says.")
  @InShell("LOW..HIGH")
  private String gamma = "";

  @Parameter(
      label = "Noise",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Adds Gaussian noise of a standard deviation of a range; empty: as the augmentation says.")
  @InShell("LOW..HIGH")
  private String noise = "";

  @Parameter(
      label = "Blur",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Blurs with a Gaussian of a standard deviation of a range, pixels; empty: as the augmentation says.")
  @InShell("LOW..HIGH")
  private String blur = "";

  @Parameter(
      label = "Colour",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Multiplies each channel by a factor of its own of a range, such as 0.7..1.4 for stains;"
              + " empty: as the augmentation says.")
  @InShell("LOW..HIGH")
  private String color = "";

  @Parameter(
      label = "Plugins",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "What plugins vary besides, with their settings, such as stripes(share=0.1); empty for"
              + " nothing.")
  @InShell("NAME(...)")
  private String vary = "";

  AugmentCommand(TrainingOptions defaults) {
    super(defaults);
  }

  /**
   * How to learn.
   *
   * @param epochs 0 for the default
   * @param auto augmentation where the user leaves it open
   */
  final TrainingOptions options(int epochs, long seed, Augmentation auto) {
    return options(defaults(), epochs, seed, auto);
  }

  /** The same with other defaults. */
  final TrainingOptions options(TrainingOptions from, int epochs, long seed, Augmentation auto) {
    return options(from, epochs, seed)
        .with()
        .augmentation(augmentation(auto))
        .metrics(metrics())
        .build();
  }

  /** Figures of validation that plugins bring. */
  abstract PluginMetrics metrics();

  /**
   * How images are varied.
   *
   * @param auto where the user leaves it open
   */
  final Augmentation augmentation(Augmentation auto) {
    Augmentation a = base(auto);
    if (!flip.equals("auto")) {
      boolean flips = flip.equals("true");
      a = a.withFlips(flips, flips).withQuarterTurns(flips);
    }
    OptionalDouble turn = number("rotation", rotation, 180);
    OptionalDouble sheared = number("shear", shear, 80);
    Optional<Range> size = range("scale", scale);
    if (turn.isPresent() || size.isPresent() || sheared.isPresent()) {
      a =
          a.withAffine(
              a.affineShare() > 0 ? a.affineShare() : Augmentation.DEFAULT.affineShare(),
              turn.orElse(a.rotation()),
              size.orElse(a.scale()),
              sheared.orElse(a.shear()));
    }
    return a.withIntensity(
            range("contrast", contrast).orElse(a.contrast()),
            range("brightness", brightness).orElse(a.brightness()),
            range("gamma", gamma).orElse(a.gamma()))
        .withQuality(range("noise", noise).orElse(a.noise()), range("blur", blur).orElse(a.blur()))
        .withColor(range("color", color).orElse(a.color()))
        .withPlugins(setting("vary", () -> Variation.parseAll(vary)));
  }

  private Augmentation base(Augmentation auto) {
    return switch (augment) {
      case "microscopy" -> Augmentation.DEFAULT;
      case "mild" -> Augmentation.MILD;
      case "none" -> Augmentation.NONE;
      default -> auto;
    };
  }

  private static Optional<Range> range(String key, String text) {
    if (text.isBlank()) return Optional.empty();
    String[] ends = text.strip().split("\\.\\.", -1);
    if (ends.length == 2) {
      double low = Decimals.parse(ends[0]);
      double high = Decimals.parse(ends[1]);
      if (low <= high) return Optional.of(new Range(low, high));
    }
    throw SettingException.wrong(
        key, "expected a range such as 0.8..1.25, received \"" + text.strip() + "\".");
  }
}
