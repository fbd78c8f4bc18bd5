package sc.fiji.spyhop.image.stain;

import java.util.Locale;
import java.util.Optional;

/** How colours of stained tissue are measured and changed. */
public enum StainMethod {
  /** By mean and deviation, see {@link Reinhard}. */
  REINHARD,
  /** By what two stains absorb, see {@link Macenko}. */
  MACENKO;

  /**
   * The colours of an image.
   *
   * @param planes pixels of it, all or some: all of red, then of green, then of blue, from 0 to 255
   * @return absent if they show hardly any tissue
   */
  public Optional<StainLook> measure(float... planes) {
    if (!OpticalDensity.showsTissue(planes)) return Optional.empty();
    return switch (this) {
      case REINHARD -> Reinhard.measure(planes).map(StainLook.class::cast);
      case MACENKO -> Macenko.measure(planes).map(StainLook.class::cast);
    };
  }

  /** In lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The method of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StainMethod of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
