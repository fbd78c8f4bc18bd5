package sc.fiji.spyhop.sample;

import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.util.SplitMix64;

/**
 * Writes digits with a soft pen, light on dark, in the way of MNIST (LeCun, Cortes and Burges): 28
 * x 28 pixels, 8 bits, slanted, larger or smaller, thicker or thinner at random.
 */
public final class DigitGenerator {

  /** Width and height of an image. */
  public static final int SIDE = 28;

  /** Strokes of each digit, as points from left to right and from top to bottom, in [0, 1]. */
  private static final double[][][] STROKES = {
    {ring(0.5, 0.5, 0.3, 0.45)},
    {{0.3, 0.2, 0.52, 0.05, 0.52, 0.95}},
    {{0.2, 0.25, 0.35, 0.07, 0.62, 0.07, 0.77, 0.27, 0.65, 0.5, 0.2, 0.93, 0.8, 0.93}},
    {
      {0.22, 0.12, 0.5, 0.04, 0.74, 0.2, 0.66, 0.42, 0.42, 0.48},
      {0.42, 0.48, 0.72, 0.55, 0.78, 0.76, 0.55, 0.95, 0.22, 0.87}
    },
    {{0.62, 0.05, 0.18, 0.62, 0.85, 0.62}, {0.66, 0.35, 0.62, 0.97}},
    {
      {0.75, 0.06, 0.33, 0.06, 0.27, 0.45, 0.55, 0.4, 0.77, 0.55, 0.73, 0.84, 0.45, 0.95, 0.2, 0.87}
    },
    {{0.66, 0.05, 0.4, 0.25, 0.26, 0.55, 0.27, 0.75}, ring(0.5, 0.73, 0.23, 0.22)},
    {{0.2, 0.08, 0.8, 0.08, 0.6, 0.45, 0.44, 0.95}},
    {ring(0.5, 0.27, 0.21, 0.22), ring(0.5, 0.73, 0.26, 0.23)},
    {ring(0.5, 0.28, 0.23, 0.23), {0.73, 0.28, 0.7, 0.6, 0.55, 0.96}}
  };

  private static final int BOX = 20;

  private DigitGenerator() {}

  /**
   * One digit.
   *
   * @param digit 0 to 9
   * @param seed of its shape
   */
  public static Frame of(int digit, long seed) {
    if (digit < 0 || digit > 9) {
      throw new IllegalArgumentException("digit: expected 0 to 9, received " + digit);
    }
    byte[] pixels = new byte[SIDE * SIDE];
    paint(pixels, SIDE, 0, digit, seed);
    return frame("digit_" + digit, pixels, SIDE);
  }

  /**
   * A row of digits.
   *
   * @return as wide as there are digits, each in a square of 28 x 28 pixels
   */
  public static Frame row(int[] digits, long seed) {
    int width = SIDE * digits.length;
    byte[] pixels = new byte[width * SIDE];
    for (int i = 0; i < digits.length; i++) {
      paint(pixels, width, i * SIDE, digits[i], SplitMix64.mix(seed + i));
    }
    return frame("digits", pixels, width);
  }

  private static Frame frame(String name, byte[] pixels, int width) {
    return new Frame(
        name,
        ArrayImgs.unsignedBytes(pixels, width, pixels.length / width, 1),
        PixelSize.UNCALIBRATED);
  }

  private static void paint(byte[] pixels, int width, int left, int digit, long seed) {
    Rng rng = new Rng(seed, digit);
    double slant = rng.uniform(-0.1, 0.25);
    double wide = BOX * rng.uniform(0.75, 1);
    double high = BOX * rng.uniform(0.9, 1);
    double pen = rng.uniform(0.9, 1.5);
    double[][] strokes = STROKES[digit].clone();
    for (int s = 0; s < strokes.length; s++) {
      double[] points = strokes[s].clone();
      for (int i = 0; i < points.length; i += 2) {
        double x = points[i] + 0.02 * rng.gaussian();
        double y = points[i + 1] + 0.02 * rng.gaussian();
        points[i] = SIDE / 2.0 + (x - 0.5) * wide + slant * (0.5 - y) * high;
        points[i + 1] = SIDE / 2.0 + (y - 0.5) * high;
      }
      strokes[s] = points;
    }
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double nearest = Double.POSITIVE_INFINITY;
        for (double[] points : strokes) {
          for (int i = 0; i + 3 < points.length; i += 2) {
            nearest = Math.min(nearest, distance(x + 0.5, y + 0.5, points, i));
          }
        }
        double ink = Math.max(0, Math.min(1, pen + 0.7 - nearest));
        pixels[y * width + left + x] = Stain.pixel(253 * ink);
      }
    }
  }

  /** From a place to the line between two points. */
  private static double distance(double x, double y, double[] p, int i) {
    double dx = p[i + 2] - p[i];
    double dy = p[i + 3] - p[i + 1];
    double square = dx * dx + dy * dy;
    double t = square == 0 ? 0 : ((x - p[i]) * dx + (y - p[i + 1]) * dy) / square;
    double at = Math.max(0, Math.min(1, t));
    return StrictMath.hypot(x - p[i] - at * dx, y - p[i + 1] - at * dy);
  }

  private static double[] ring(double x, double y, double a, double b) {
    int n = 16;
    double[] points = new double[2 * n + 2];
    for (int i = 0; i <= n; i++) {
      double angle = 2 * StrictMath.PI * i / n;
      points[2 * i] = x + a * StrictMath.cos(angle);
      points[2 * i + 1] = y + b * StrictMath.sin(angle);
    }
    return points;
  }
}
