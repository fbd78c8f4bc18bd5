package sc.fiji.spyhop.image.stain;

/**
 * How much light is absorbed: {@code -ln((value + 1) / 256)}, so that white, 255, has none, and a
 * stain absorbs in proportion to its amount (Beer and Lambert).
 */
final class OpticalDensity {

  /** Of each colour, below which a pixel is taken for background (Macenko et al. 2009). */
  static final double BACKGROUND = 0.15;

  /** Share of pixels with tissue below which there is hardly any. */
  private static final double LEAST_SHARE = 0.01;

  private static final int LEAST_PIXELS = 20;
  private static final double WHITE = 256;

  private OpticalDensity() {}

  static double of(double value) {
    return -Math.log((Math.max(0, value) + 1) / WHITE);
  }

  /** The value of a density, from 0 to 255. */
  static float value(double density) {
    return (float) Math.max(0, Math.min(WHITE - 1, WHITE * Math.exp(-density) - 1));
  }

  static boolean isTissue(double red, double green, double blue) {
    return red >= BACKGROUND && green >= BACKGROUND && blue >= BACKGROUND;
  }

  /** Whether there is enough to measure. */
  static boolean showsTissue(float... planes) {
    int n = planes.length / 3;
    int tissue = 0;
    for (int i = 0; i < n; i++) {
      if (isTissue(of(planes[i]), of(planes[n + i]), of(planes[2 * n + i]))) tissue++;
    }
    return tissue >= LEAST_PIXELS && tissue >= LEAST_SHARE * n;
  }

  /** Densities of the pixels that show tissue, [pixel][colour]. */
  static double[][] ofTissue(float... planes) {
    int n = planes.length / 3;
    double[][] all = new double[n][];
    int found = 0;
    for (int i = 0; i < n; i++) {
      double[] density = {of(planes[i]), of(planes[n + i]), of(planes[2 * n + i])};
      if (isTissue(density[0], density[1], density[2])) all[found++] = density;
    }
    return java.util.Arrays.copyOf(all, found);
  }
}
