package sc.fiji.spyhop.image;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Physical size of a pixel.
 *
 * @param width of one column, positive
 * @param height of one row, positive
 * @param unit such as {@code "µm"}; {@code "pixel"} if the image is not calibrated
 */
public record PixelSize(double width, double height, String unit) {

  /** Ratio up to which networks do not mind. */
  private static final double ALIKE = 1.1;

  /** No calibration. */
  public static final PixelSize UNCALIBRATED = new PixelSize(1, 1, "pixel");

  /** Whether the unit is another than {@code pixel}, so that sizes can be told in it. */
  public boolean isCalibrated() {
    return !unit.equals(UNCALIBRATED.unit);
  }

  /**
   * How many times as wide a pixel of this size is as one of another, those that are not square as
   * squares of the same area, if both are known and differ by more than a tenth.
   *
   * @return empty if they are alike, or one of them is not known in a unit of the metre
   */
  public OptionalDouble unlike(PixelSize other) {
    double own = side() * micrometres(unit);
    double others = other.side() * micrometres(other.unit);
    double ratio = own / others;
    boolean differ = ratio > ALIKE || ratio < 1 / ALIKE;
    return differ && Double.isFinite(ratio) && ratio > 0
        ? OptionalDouble.of(ratio)
        : OptionalDouble.empty();
  }

  /**
   * A sentence if an image of this pixel size is shown to a model that learned from another.
   *
   * @return empty if they are alike, or one of them is not known
   */
  public Optional<String> shownTo(PixelSize model) {
    OptionalDouble ratio = model.unlike(this);
    if (ratio.isEmpty()) return Optional.empty();
    double times = ratio.getAsDouble();
    return Optional.of(
        Strings.format(
            "The pixel size is %s %s, that of the model %s %s: the image is %s times too %s for it."
                + " Scale it by %s (Image > Scale) before.",
            Digits.six(width),
            unit,
            Digits.six(model.width),
            model.unit,
            Digits.six(Math.rint(100 * (times > 1 ? times : 1 / times)) / 100),
            times > 1 ? "fine" : "coarse",
            Digits.six(Math.rint(1e4 / times) / 1e4)));
  }

  /** Whether it is known in a unit of length, as another is, and they are alike. */
  public boolean likeKnown(PixelSize other) {
    return isLength(unit) && isLength(other.unit) && unlike(other).isEmpty();
  }

  /** Whether a text is a unit of length that microscopes use. */
  public static boolean isLength(String unit) {
    return !Double.isNaN(micrometres(unit));
  }

  /** Side of a square of the same area. */
  private double side() {
    return Math.sqrt(width * height);
  }

  /** Side of a square of the same area in a unit of length; absent if one of the units is none. */
  public OptionalDouble sideIn(String other) {
    double own = side() * micrometres(unit) / micrometres(other);
    return Double.isFinite(own) && own > 0 ? OptionalDouble.of(own) : OptionalDouble.empty();
  }

  /** The same in micrometres, if it is known in a unit of the metre. */
  public Optional<PixelSize> inMicrometres() {
    double factor = micrometres(unit);
    return Double.isNaN(factor)
        ? Optional.empty()
        : Optional.of(new PixelSize(width * factor, height * factor, "\u00B5m"));
  }

  /** NaN if it is no unit of length that microscopes use. */
  private static double micrometres(String unit) {
    return switch (unit.strip().toLowerCase(Locale.ROOT)) {
      case "\u00B5m", "\u03BCm", "um", "micron", "microns", "micrometer", "micrometre" -> 1;
      case "nm", "nanometer", "nanometre" -> 1e-3;
      case "mm", "millimeter", "millimetre" -> 1e3;
      case "cm", "centimeter", "centimetre" -> 1e4;
      case "m", "meter", "metre" -> 1e6;
      default -> Double.NaN;
    };
  }
}
