package sc.fiji.spyhop.explain.learned;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import sc.fiji.spyhop.util.Strings;

/**
 * Kernels as a picture: each in its own range, its lowest weight black and its highest white. In
 * colours where there are three channels of colour; else the channel in which it is strongest.
 * Under each stands its number and, of a wave, orientation and frequency; a wave has a frame.
 */
public final class KernelSheet {

  private static final int SIDE = 56;
  private static final int GAP = 10;
  private static final Color FRAME = new Color(0x2b8a3e);

  private KernelSheet() {}

  /**
   * The picture.
   *
   * @param order of red, green and blue among the channels; empty to show one channel in grey
   */
  public static BufferedImage of(Kernels kernels, int... order) {
    int scale = Math.max(1, SIDE / Math.max(kernels.width(), kernels.height()));
    int width = kernels.width() * scale;
    int height = kernels.height() * scale;
    int count = kernels.kernels().size();
    int columns = Math.min(count, (int) Math.ceil(Math.sqrt(1.8 * count)));
    int rows = (count + columns - 1) / columns;
    int stepX = Math.max(width, Drawing.width("000°  0.00")) + GAP;
    int stepY = height + 2 * Drawing.LINE + GAP;
    BufferedImage picture = Drawing.blank(columns * stepX + GAP, rows * stepY + GAP);
    Graphics2D g = Drawing.on(picture);
    for (int k = 0; k < count; k++) {
      Kernel kernel = kernels.kernels().get(k);
      int x = GAP + k % columns * stepX;
      int y = GAP + k / columns * stepY;
      float[][] shown = order.length == 3 ? colors(kernel, order) : strongest(kernel);
      Drawing.tile(g, colored(shown, kernels.width(), kernels.height()), x, y, width, height);
      if (kernel.isGabor()) {
        g.setColor(FRAME);
        g.drawRect(x - 2, y - 2, width + 3, height + 3);
      }
      String fault = kernel.fault();
      Drawing.text(
          g,
          fault.isEmpty() ? "" + kernel.number() : kernel.number() + " " + fault,
          x,
          y + height + Drawing.LINE);
      if (kernel.isGabor()) {
        String wave = Strings.format("%.0f°  %.2f", kernel.orientation(), kernel.frequency());
        Drawing.text(g, wave, x, y + height + 2 * Drawing.LINE);
      }
    }
    g.dispose();
    return picture;
  }

  private static float[][] colors(Kernel kernel, int... order) {
    float[][] c = kernel.channels();
    return new float[][] {c[order[0]], c[order[1]], c[order[2]]};
  }

  private static float[][] strongest(Kernel kernel) {
    float[] best = kernel.channels()[0];
    double most = 0;
    for (float[] channel : kernel.channels()) {
      double power = 0;
      for (float v : channel) power += (double) v * v;
      if (power <= most) continue;
      most = power;
      best = channel;
    }
    return new float[][] {best};
  }

  private static BufferedImage colored(float[][] channels, int width, int height) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float[] channel : channels) {
      for (float v : channel) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    return Drawing.image(channels, width, height, low, high);
  }
}
