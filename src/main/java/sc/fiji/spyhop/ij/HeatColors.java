package sc.fiji.spyhop.ij;

import ij.process.LUT;

/**
 * Colours for values about zero: black at zero, through red and orange to pale yellow above,
 * through blue to pale cyan below. Equal steps of value are equal steps of lightness, on both sides
 * alike, as seen by OKLab (Ottosson 2020), so that no edge appears where there is none.
 */
final class HeatColors {

  private static final double BRIGHTEST = 0.96;
  private static final double[] WARM = {20, 105};
  private static final double[] COLD = {268, 195};

  /** More than the screen can show; cut down to what it can. */
  private static final double CHROMA = 0.33;

  private HeatColors() {}

  /** 256 colours; zero lies between the two in the middle. */
  static LUT lut() {
    byte[][] rgb = new byte[3][256];
    for (int i = 0; i < 256; i++) {
      int color = color((i - 127.5) / 127.5);
      for (int c = 0; c < 3; c++) rgb[c][i] = (byte) (color >> 16 - 8 * c);
    }
    return new LUT(rgb[0], rgb[1], rgb[2]);
  }

  /**
   * @param value from -1 to 1
   * @return 0xRRGGBB
   */
  static int color(double value) {
    double share = Math.min(1, Math.abs(value));
    double[] hues = value < 0 ? COLD : WARM;
    double hue = Math.toRadians(hues[0] + share * (hues[1] - hues[0]));
    double lightness = share * BRIGHTEST;
    double low = 0;
    double high = CHROMA;
    for (int i = 0; i < 20; i++) {
      double chroma = (low + high) / 2;
      if (isShown(rgb(lightness, chroma, hue))) low = chroma;
      else high = chroma;
    }
    double[] rgb = rgb(lightness, low, hue);
    int color = 0;
    for (double v : rgb) {
      color = color << 8 | (int) Math.max(0, Math.min(255, Math.round(255 * gamma(v))));
    }
    return color;
  }

  private static boolean isShown(double[] rgb) {
    for (double v : rgb) if (v < -1e-6 || v > 1 + 1e-6) return false;
    return true;
  }

  /** Linear RGB of a colour of OKLab, by the matrices published with it. */
  private static double[] rgb(double lightness, double chroma, double hue) {
    double a = chroma * Math.cos(hue);
    double b = chroma * Math.sin(hue);
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static double cube(double x) {
    return x * x * x;
  }

  /** Of sRGB, IEC 61966-2-1. */
  private static double gamma(double v) {
    return v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
  }
}
