package sc.fiji.spyhop.inference;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.util.Decimals;

/** In which scale images are shown to a model that knows objects of some size. */
public sealed interface Scaling {

  /**
   * By the calibration of the image where the model knows that of its own, else by the size of the
   * objects in the image as the model sees them; as the image is where neither is known.
   */
  record Auto() implements Scaling {}

  /**
   * A given scale.
   *
   * @param factor pixels shown for each that would be shown otherwise, as {@link Resize.Scaled} has
   *     them
   */
  record Factor(double factor) implements Scaling {
    /** Throws a {@link SpyhopException} if the factor is not from 1/64 to 16. */
    public Factor {
      if (!Resize.Scaled.isFactor(factor)) {
        throw wrong(String.valueOf(factor));
      }
    }

    static SpyhopException wrong(String text) {
      return new SpyhopException(
          "expected auto or a number from 0.015625 to 16, received \"" + text + "\".");
    }
  }

  /**
   * The scale in which objects of a given diameter are as large as those that the model knows.
   *
   * @param value positive
   * @param unit of length; empty: pixels of the image
   */
  record Diameter(double value, String unit) implements Scaling {

    /** A number, and perhaps a unit. */
    private static final Pattern LENGTH =
        Pattern.compile("\\+?([0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\\s*(\\D*)");

    private static Optional<Diameter> parse(String text) {
      Matcher length = LENGTH.matcher(text.strip());
      if (!length.matches()) return Optional.empty();
      double value = Double.parseDouble(length.group(1));
      String unit = length.group(2).strip();
      boolean pixels = unit.matches("|px|pixels?");
      boolean known = pixels || PixelSize.isLength(unit);
      return value > 0 && value <= 1e6 && known
          ? Optional.of(new Diameter(value, pixels ? "" : unit))
          : Optional.empty();
    }

    /**
     * In pixels of an image.
     *
     * @throws SpyhopException if it has a unit and the image is not calibrated in such
     */
    double pixels(String image, PixelSize size) {
      if (unit.isEmpty()) return value;
      OptionalDouble side = size.sideIn(unit);
      if (side.isPresent()) return value / side.getAsDouble();
      throw new SpyhopException(
          image
              + ": the diameter is given in "
              + unit
              + ", but the pixel size is "
              + (size.isCalibrated() ? "in " + size.unit() : "not known")
              + ". Give it in pixels, or set the scale of the image (Analyze > Set Scale).");
    }
  }

  /**
   * By name; empty for {@link Auto}.
   *
   * @return {@code scale} or {@code diameter}, as macros and the shell have them
   */
  default Map<String, String> settings() {
    if (this instanceof Factor f) return Map.of("scale", String.valueOf(f.factor()));
    if (this instanceof Diameter d) return Map.of("diameter", d.value() + d.unit());
    return Map.of();
  }

  /**
   * For what is shown in one size, so that nothing can be asked for.
   *
   * @throws SpyhopException if something is
   */
  default void requireNone(String model) {
    if (equals(AUTO) || equals(NONE)) return;
    throw new SpyhopException(
        "Model "
            + model
            + " is shown everything in a size of its own: leave out scale and diameter.");
  }

  /** What is done where nobody asks for a scale. */
  Scaling AUTO = new Auto();

  /** As the image is. */
  Scaling NONE = new Factor(1);

  /**
   * The scale that objects of some diameter ask for.
   *
   * @param text {@code auto}, or a number with or without a unit, such as {@code 12 um}
   * @throws SpyhopException if it is something else
   */
  static Scaling ofDiameter(String text) {
    if (isAuto(text)) return AUTO;
    return Diameter.parse(text)
        .orElseThrow(
            () ->
                new SpyhopException(
                    "expected auto, a number of pixels above 0, or one with a unit, such as 12 um,"
                        + " received \""
                        + text
                        + "\"."));
  }

  /**
   * A scale.
   *
   * @param text {@code auto}, or a number
   * @throws SpyhopException if it is something else
   */
  static Scaling ofFactor(String text) {
    if (isAuto(text)) return AUTO;
    double factor = Decimals.parse(text);
    if (Resize.Scaled.isFactor(factor)) return new Factor(factor);
    throw Factor.wrong(text);
  }

  private static boolean isAuto(String text) {
    return text.isBlank() || text.strip().equalsIgnoreCase("auto");
  }
}
