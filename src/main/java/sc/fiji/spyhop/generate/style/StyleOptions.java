package sc.fiji.spyhop.generate.style;

import sc.fiji.spyhop.SpyhopException;

/**
 * How an image is painted anew.
 *
 * @param size longer side of what is painted, pixels; 0 for that of the image. Images are never
 *     enlarged
 * @param styleSize longer side in which the style is shown to the network, pixels, which makes its
 *     brush finer or coarser; 0 for the same as {@code size}
 * @param strength how much the style counts, the content counting 1; at least 0
 * @param smoothness how much differences between neighbours count; at least 0
 * @param iterations steps, at least 1
 * @param colors whose colours there are
 * @param start what it begins with
 * @param optimizer how it is looked for
 * @param averaging whether means of windows take the place of their maxima, as Gatys et al. advise
 * @param contentLayers names with commas, each perhaps with its weight after a colon; empty for
 *     those that {@link StyleLayers} chooses
 * @param styleLayers the same
 * @param every a picture is kept after so many steps; 0 for none
 * @param seed of the noise that it begins with
 */
public record StyleOptions(
    int size,
    int styleSize,
    double strength,
    double smoothness,
    int iterations,
    Palette colors,
    Start start,
    Optimizer optimizer,
    boolean averaging,
    String contentLayers,
    String styleLayers,
    int every,
    long seed) {

  /** Whose colours there are. */
  public enum Palette {
    /** Those of the style. */
    STYLE,
    /** Those of the image: only its brightness is painted (Gatys et al. 2016, luminance only). */
    LUMINANCE,
    /**
     * Those of the image: those of the style are brought to their mean and covariance first (Gatys
     * et al. 2016, colour histogram matching).
     */
    MATCH
  }

  /** What is begun with. */
  public enum Start {
    /** The image itself, so that what is in it stays where it is. */
    IMAGE,
    /** Noise, so that another seed gives another picture. */
    NOISE
  }

  /** How pixels are looked for. */
  public enum Optimizer {
    /** Limited-memory BFGS, as Gatys et al. use. */
    LBFGS,
    /** Adam (Kingma and Ba 2015). */
    ADAM
  }

  /** What is done if nothing else is said. */
  public static final StyleOptions DEFAULT =
      new StyleOptions(
          512, 0, 100, 10, 300, Palette.STYLE, Start.IMAGE, Optimizer.LBFGS, true, "", "", 0, 1);

  /** Throws a {@link SpyhopException} that names the first option that is out of range. */
  public StyleOptions {
    require(size >= 0 && styleSize >= 0, "sizes of at least 0", size + " and " + styleSize);
    require(strength >= 0 && Double.isFinite(strength), "a strength of at least 0", strength);
    require(smoothness >= 0 && Double.isFinite(smoothness), "smoothness of at least 0", smoothness);
    require(iterations >= 1, "at least one iteration", iterations);
    require(every >= 0, "pictures after at least 0 steps", every);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (condition) return;
    throw new SpyhopException("Style: expected " + expected + ", received " + received + ".");
  }
}
