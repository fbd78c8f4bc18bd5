package sc.fiji.spyhop.explain;

import java.util.Locale;
import sc.fiji.spyhop.SpyhopException;

/** What is shown in place of an image, or of what is hidden of it. */
public enum Fill {
  /** The mean of each channel. */
  MEAN,
  /** Half-way between the darkest and the brightest pixel of each channel. */
  GREY,
  /** The image, so blurred that nothing as small as what is hidden at once is left of it. */
  BLUR,
  /** The darkest pixel of each channel. */
  BLACK;

  /**
   * Reads a name; case and blanks do not matter.
   *
   * @throws SpyhopException if it is none
   */
  public static Fill parse(String text) {
    String word = text.strip().toUpperCase(Locale.ROOT);
    if (word.equals("GRAY")) return GREY;
    for (Fill fill : values()) if (fill.name().equals(word)) return fill;
    throw new SpyhopException(
        "Fill: expected mean, grey, blur or black, received \"" + text + "\".");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
