package sc.fiji.spyhop.ij;

import java.util.Arrays;

/**
 * Colours that are told apart, on black and on grey images, after Glasbey et al. 2007: each next
 * one is the farthest, in CIE L*a*b*, from all before it and from black and white. Dark and greyish
 * ones are left out.
 */
final class DistinctColors {

  private static final int STEP = 15;

  private DistinctColors() {}

  /** Colours as 0xRRGGBB, always the same. */
  static int[] make(int count) {
    int steps = 255 / STEP + 1;
    int[] candidates = new int[steps * steps * steps];
    double[] places = new double[3 * candidates.length];
    int n = 0;
    for (int r = 0; r < 256; r += STEP) {
      for (int g = 0; g < 256; g += STEP) {
        for (int b = 0; b < 256; b += STEP) {
          double[] lab = lab(r, g, b);
          if (lab[0] < 45 || Math.hypot(lab[1], lab[2]) < 30) continue;
          candidates[n] = r << 16 | g << 8 | b;
          System.arraycopy(lab, 0, places, 3 * n++, 3);
        }
      }
    }
    double[] nearest = new double[n];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    approach(nearest, places, lab(0, 0, 0));
    int farthest = approach(nearest, places, lab(255, 255, 255));
    int[] colors = new int[count];
    for (int i = 0; i < count; i++) {
      colors[i] = candidates[farthest];
      double[] taken = Arrays.copyOfRange(places, 3 * farthest, 3 * farthest + 3);
      farthest = approach(nearest, places, taken);
    }
    return colors;
  }

  /** Takes in another colour; returns which candidate is then the farthest from all. */
  private static int approach(double[] nearest, double[] places, double[] to) {
    int farthest = 0;
    for (int k = 0; k < nearest.length; k++) {
      double l = places[3 * k] - to[0];
      double a = places[3 * k + 1] - to[1];
      double b = places[3 * k + 2] - to[2];
      nearest[k] = Math.min(nearest[k], l * l + a * a + b * b);
      if (nearest[k] > nearest[farthest]) farthest = k;
    }
    return farthest;
  }

  /** From sRGB (IEC 61966-2-1) by D65. */
  private static double[] lab(int red, int green, int blue) {
    double r = linear(red);
    double g = linear(green);
    double b = linear(blue);
    double x = cubeRoot((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    double y = cubeRoot(0.2126 * r + 0.7152 * g + 0.0722 * b);
    double z = cubeRoot((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
  }

  private static double linear(int value) {
    double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  private static double cubeRoot(double t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
  }
}
