package sc.fiji.spyhop.job.page;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Makes pictures smaller so that thin coloured lines stay seen: pixels are averaged, and count the
 * more, the more colourful they are. In grey pictures without lines that is the mean.
 */
final class Reduction {

  /** How much a pixel of a pure colour counts, beside one without colour. */
  private static final double COLOURFUL = 12;

  private Reduction() {}

  /**
   * A smaller picture.
   *
   * @param width at least 1, at most that of the picture
   * @param height as width
   */
  static BufferedImage of(BufferedImage picture, int width, int height) {
    BufferedImage to = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    double stepX = (double) picture.getWidth() / width;
    double stepY = (double) picture.getHeight() / height;
    int[] row = new int[picture.getWidth()];
    double[] sums = new double[4 * width];
    for (int y = 0; y < height; y++) {
      double top = y * stepY;
      double bottom = Math.min(picture.getHeight(), top + stepY);
      Arrays.fill(sums, 0);
      for (int v = (int) top; v < bottom; v++) {
        picture.getRGB(0, v, row.length, 1, row, 0, row.length);
        add(row, stepX, Math.min(v + 1, bottom) - Math.max(v, top), sums);
      }
      for (int x = 0; x < width; x++) to.setRGB(x, y, color(sums, 4 * x));
    }
    return to;
  }

  /**
   * Adds a row to those of the smaller picture.
   *
   * @param share of it that counts
   */
  private static void add(int[] row, double step, double share, double[] sums) {
    for (int x = 0; x < sums.length / 4; x++) {
      double left = x * step;
      double right = Math.min(row.length, left + step);
      for (int u = (int) left; u < right; u++) {
        int red = row[u] >> 16 & 0xFF;
        int green = row[u] >> 8 & 0xFF;
        int blue = row[u] & 0xFF;
        int apart = Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
        double weight =
            share * (Math.min(u + 1, right) - Math.max(u, left)) * (1 + COLOURFUL * apart / 255);
        sums[4 * x] += weight * red;
        sums[4 * x + 1] += weight * green;
        sums[4 * x + 2] += weight * blue;
        sums[4 * x + 3] += weight;
      }
    }
  }

  private static int color(double[] sums, int at) {
    int rgb = 0;
    for (int c = 0; c < 3; c++) rgb = rgb << 8 | (int) Math.round(sums[at + c] / sums[at + 3]);
    return rgb;
  }
}
