package sc.fiji.spyhop.inference;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * The scale in which an image is shown to a model.
 *
 * @param factor pixels shown for each that would be shown otherwise
 * @param diameter of the objects, in pixels of the image; absent: not known
 * @param origin how it was found
 * @param reason the same in words, for users
 * @param unlike in which respects the image, as it is shown, is unlike those that the model learned
 *     from, in words; empty if it is like them or nothing is known of them
 */
public record ShownScale(
    double factor, OptionalDouble diameter, Origin origin, String reason, List<String> unlike) {

  /** How a scale was found. */
  public enum Origin {
    /** Nothing says another: neither calibrations nor the model. */
    MODEL,
    /** Asked for. */
    GIVEN,
    /** By the pixel sizes of image and model. */
    CALIBRATION,
    /** By the size of the objects in the image. */
    IMAGE
  }

  /** As the image is. */
  public static final ShownScale SAME =
      new ShownScale(1, OptionalDouble.empty(), Origin.MODEL, "as it is");

  /** Copies the list. */
  public ShownScale {
    unlike = List.copyOf(unlike);
  }

  /** Of an image that is like those that the model learned from, as far as is known. */
  public ShownScale(double factor, OptionalDouble diameter, Origin origin, String reason) {
    this(factor, diameter, origin, reason, List.of());
  }

  /** The same of an image that is unlike in some respects. */
  ShownScale with(List<String> differences) {
    return new ShownScale(factor, diameter, origin, reason, differences);
  }

  /** Sentences for the user about an image that is unlike those that the model learned from. */
  public Optional<String> warning(String model) {
    return warning(model, unlike);
  }

  /** The same of differences that are known. */
  public static Optional<String> warning(String model, List<String> unlike) {
    if (unlike.isEmpty()) return Optional.empty();
    return Optional.of(
        "It is unlike the images that "
            + model
            + " learned from, so results may be wrong: "
            + String.join("; ", unlike)
            + ".");
  }

  /** For the end of a line about an image; nothing if it was shown as it is. */
  public String inScale() {
    return factor == 1 ? "" : ", in a scale of " + rounded() + ", " + reason;
  }

  /** A sentence for the user; none if the image is shown as it is, which needs no reading. */
  public Optional<String> sentence(String image) {
    if (factor == 1) return Optional.empty();
    String objects =
        diameter.isPresent()
            ? Strings.format(
                "objects of about %s pixels; ", Digits.six(Math.rint(diameter.getAsDouble())))
            : "";
    return Optional.of(
        Strings.format(
            "%s: %sshown to the model in a scale of %s, %s.", image, objects, rounded(), reason));
  }

  /** Three digits. */
  private String rounded() {
    double unit = Math.pow(10, Math.floor(Math.log10(factor)) - 2);
    return Digits.six(Math.rint(factor / unit) * unit);
  }
}
