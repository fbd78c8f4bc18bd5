package sc.fiji.spyhop.sample;

import java.util.Arrays;
import java.util.List;

/**
 * Paints faces into a square picture: of each sample the nearest face is seen, and a pixel is the
 * mean of 4 x 4 samples.
 */
final class Rasterizer {

  private static final int FINE = 4;

  private final int side;
  private final int fine;
  private final double[] nearness;
  private final double[] colors;

  /**
   * Begins with nothing but ground.
   *
   * @param side columns and rows of the picture
   * @param ground its grey, 0 to 1
   */
  Rasterizer(int side, double ground) {
    this.side = side;
    fine = side * FINE;
    nearness = new double[fine * fine];
    colors = new double[3 * fine * fine];
    Arrays.fill(colors, ground);
  }

  /**
   * Paints a convex polygon.
   *
   * @param corners as {@link Camera#project} gives them
   * @param color red, green and blue, 0 to 1
   */
  void polygon(List<Vector3> corners, double[] color) {
    for (int i = 1; i + 1 < corners.size(); i++) {
      triangle(onGrid(corners.get(0)), onGrid(corners.get(i)), onGrid(corners.get(i + 1)), color);
    }
  }

  private Vector3 onGrid(Vector3 p) {
    return new Vector3((p.x() + 1) * fine / 2, (1 - p.y()) * fine / 2, p.z());
  }

  private void triangle(Vector3 a, Vector3 b, Vector3 c, double[] color) {
    double area = edge(a, b, c.x(), c.y());
    if (area == 0) return;
    int x0 = clip(Math.floor(Math.min(a.x(), Math.min(b.x(), c.x()))));
    int x1 = clip(Math.ceil(Math.max(a.x(), Math.max(b.x(), c.x()))));
    int y0 = clip(Math.floor(Math.min(a.y(), Math.min(b.y(), c.y()))));
    int y1 = clip(Math.ceil(Math.max(a.y(), Math.max(b.y(), c.y()))));
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        double wa = edge(b, c, x + 0.5, y + 0.5) / area;
        double wb = edge(c, a, x + 0.5, y + 0.5) / area;
        double wc = edge(a, b, x + 0.5, y + 0.5) / area;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        // one by the distance is linear on the picture
        double near = wa * a.z() + wb * b.z() + wc * c.z();
        int at = y * fine + x;
        if (near <= nearness[at]) continue;
        nearness[at] = near;
        System.arraycopy(color, 0, colors, 3 * at, 3);
      }
    }
  }

  private int clip(double v) {
    return (int) Math.max(0, Math.min(fine, v));
  }

  private static double edge(Vector3 a, Vector3 b, double x, double y) {
    return (b.x() - a.x()) * (y - a.y()) - (b.y() - a.y()) * (x - a.x());
  }

  /** All red, then all green, then all blue. */
  byte[] pixels() {
    byte[] pixels = new byte[3 * side * side];
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          double sum = 0;
          for (int i = 0; i < FINE * FINE; i++) {
            int at = (y * FINE + i / FINE) * fine + x * FINE + i % FINE;
            sum += colors[3 * at + channel];
          }
          pixels[(channel * side + y) * side + x] = Stain.pixel(255 * sum / (FINE * FINE));
        }
      }
    }
    return pixels;
  }
}
