package sc.fiji.spyhop.dataset;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/**
 * How training images may be varied, so that the network learns what does not matter. Everything is
 * drawn anew for every crop; whatever moves pixels moves the truth as well. Intensities are those
 * after normalisation, where an image mostly fills 0 to 1.
 *
 * @param flipHorizontally mirror left to right in half of the crops
 * @param flipVertically mirror top to bottom in half of the crops
 * @param quarterTurns rotate by 0, 90, 180 or 270 degrees, exactly
 * @param affineShare share of the crops, in [0, 1], that {@code rotation}, {@code scale} and {@code
 *     shear} are applied to; the others keep their pixels as they are
 * @param rotation largest angle either way, degrees in [0, 180]
 * @param scale magnification, above 0; log-uniform
 * @param shear largest angle either way, degrees in [0, 45]
 * @param contrast factor on intensities, above 0
 * @param brightness added to intensities
 * @param gamma exponent on the absolute value, above 0; log-uniform
 * @param noise standard deviation of Gaussian noise, 0 or more
 * @param blur standard deviation of a Gaussian filter, pixels, 0 or more
 * @param color factor on the intensities of each channel by itself, above 0; log-uniform
 * @param plugins what is varied besides, in this order
 */
public record Augmentation(
    boolean flipHorizontally,
    boolean flipVertically,
    boolean quarterTurns,
    double affineShare,
    double rotation,
    Range scale,
    double shear,
    Range contrast,
    Range brightness,
    Range gamma,
    Range noise,
    Range blur,
    Range color,
    List<Variation> plugins) {

  private static final Range ZERO = new Range(0, 0);
  private static final Range ONE = new Range(1, 1);

  /** Leaves images as they are. */
  public static final Augmentation NONE =
      new Augmentation(
          false, false, false, 0, 0, ONE, 0, ONE, ZERO, ONE, ZERO, ZERO, ONE, List.of());

  /** For microscopy, where no direction is special and brightness varies between images. */
  public static final Augmentation DEFAULT =
      new Augmentation(
          true,
          true,
          true,
          0.6,
          180,
          new Range(0.8, 1.25),
          0,
          new Range(0.7, 1.4),
          Range.symmetric(0.1),
          ONE,
          ZERO,
          ZERO,
          ONE,
          List.of());

  /** Mirrors and quarter turns alone, by which no pixel gets another value. */
  public static final Augmentation TURNS = NONE.withFlips(true, true).withQuarterTurns(true);

  /** As the default where the network is to know objects of other sizes than it is shown. */
  public static final Augmentation SIZES = DEFAULT.withAffine(0.8, 180, new Range(0.55, 1.8), 0);

  /** For pictures that have a top and a bottom, a left and a right. */
  public static final Augmentation MILD =
      new Augmentation(
          false,
          false,
          false,
          0.8,
          10,
          new Range(0.9, 1.1),
          5,
          new Range(0.85, 1.18),
          Range.symmetric(0.1),
          ONE,
          ZERO,
          ZERO,
          ONE,
          List.of());

  /** Refuses what is out of range, and names it. */
  public Augmentation {
    plugins = plugins == null ? List.of() : List.copyOf(plugins); // older checkpoints
    check("affine share", affineShare, 0, 1);
    check("rotation", rotation, 0, 180);
    check("shear", shear, 0, 45);
    positive("scale", scale);
    positive("contrast", contrast);
    positive("gamma", gamma);
    positive("color", color);
    check("noise", noise.low(), 0, 1e6);
    check("blur", blur.low(), 0, 1e6);
    check("blur", blur.high(), 0, 100);
  }

  private static void check(String what, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new SpyhopException(
          "Augmentation: expected "
              + what
              + " from "
              + low
              + " to "
              + high
              + ", received "
              + value
              + ".");
    }
  }

  private static void positive(String what, Range range) {
    if (!(range.low() > 0)) {
      throw new SpyhopException(
          "Augmentation: expected " + what + " above 0, received " + range.low() + ".");
    }
  }

  /**
   * The same with images mirrored at random, left for right or top for bottom, half of the time
   * each.
   */
  public Augmentation withFlips(boolean horizontally, boolean vertically) {
    return new Augmentation(
        horizontally,
        vertically,
        quarterTurns,
        affineShare,
        rotation,
        scale,
        shear,
        contrast,
        brightness,
        gamma,
        noise,
        blur,
        color,
        plugins);
  }

  /** The same with images turned at random by quarters, or not. */
  public Augmentation withQuarterTurns(boolean on) {
    return new Augmentation(
        flipHorizontally,
        flipVertically,
        on,
        affineShare,
        rotation,
        scale,
        shear,
        contrast,
        brightness,
        gamma,
        noise,
        blur,
        color,
        plugins);
  }

  /** Rotation and shear in degrees either way, and scale, for a share of the crops. */
  public Augmentation withAffine(double share, double degrees, Range factor, double shearDegrees) {
    return new Augmentation(
        flipHorizontally,
        flipVertically,
        quarterTurns,
        share,
        degrees,
        factor,
        shearDegrees,
        contrast,
        brightness,
        gamma,
        noise,
        blur,
        color,
        plugins);
  }

  /**
   * The same with other changes of intensities, of which a contrast and an exponent of 1 and an
   * offset of 0 change nothing.
   */
  public Augmentation withIntensity(Range factor, Range offset, Range exponent) {
    return new Augmentation(
        flipHorizontally,
        flipVertically,
        quarterTurns,
        affineShare,
        rotation,
        scale,
        shear,
        factor,
        offset,
        exponent,
        noise,
        blur,
        color,
        plugins);
  }

  /** Noise in normalised intensity, blur in pixels. */
  public Augmentation withQuality(Range noiseDeviation, Range blurDeviation) {
    return new Augmentation(
        flipHorizontally,
        flipVertically,
        quarterTurns,
        affineShare,
        rotation,
        scale,
        shear,
        contrast,
        brightness,
        gamma,
        noiseDeviation,
        blurDeviation,
        color,
        plugins);
  }

  /** A factor on each channel by itself. */
  public Augmentation withColor(Range factor) {
    return new Augmentation(
        flipHorizontally,
        flipVertically,
        quarterTurns,
        affineShare,
        rotation,
        scale,
        shear,
        contrast,
        brightness,
        gamma,
        noise,
        blur,
        factor,
        plugins);
  }

  /** What plugins vary besides. */
  public Augmentation withPlugins(List<Variation> variations) {
    return new Augmentation(
        flipHorizontally,
        flipVertically,
        quarterTurns,
        affineShare,
        rotation,
        scale,
        shear,
        contrast,
        brightness,
        gamma,
        noise,
        blur,
        color,
        variations);
  }
}
