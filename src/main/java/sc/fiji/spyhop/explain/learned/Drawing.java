package sc.fiji.spyhop.explain.learned;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** What sheets of small pictures are drawn with. */
final class Drawing {

  /** From one line of text to the next, pixels. */
  static final int LINE = 14;

  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
  private static final Color TEXT = new Color(0x333333);

  /** Of pixels beyond an image. */
  private static final int BEYOND = 0xd0d0d0;

  private Drawing() {}

  /** White. */
  static BufferedImage blank(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    g.dispose();
    return image;
  }

  static Graphics2D on(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    g.setFont(FONT);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    return g;
  }

  /** Of a text, pixels. */
  static int width(String text) {
    Graphics2D g = on(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    FontMetrics metrics = g.getFontMetrics();
    g.dispose();
    return metrics.stringWidth(text);
  }

  static void text(Graphics2D g, String text, int x, int baseline) {
    g.setColor(TEXT);
    g.drawString(text, x, baseline);
  }

  /** A picture in another size: enlarged in squares, reduced smoothly. */
  static void tile(Graphics2D g, BufferedImage image, int x, int y, int width, int height) {
    boolean smaller = width < image.getWidth();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION,
        smaller
            ? RenderingHints.VALUE_INTERPOLATION_BILINEAR
            : RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    g.drawImage(image, x, y, width, height, null);
  }

  /**
   * Values in grey, or in colours.
   *
   * @param channels one, or red, green and blue
   * @param low value that is black
   * @param high value that is white; grey where both are the same
   */
  static BufferedImage image(float[][] channels, int width, int height, double low, double high) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      int color = 0;
      for (int c = 0; c < 3; c++) {
        float value = channels[channels.length == 3 ? c : 0][i];
        double share = high > low ? (value - low) / (high - low) : 0.5;
        color = color << 8 | (int) Math.round(255 * Math.max(0, Math.min(1, share)));
        if (Float.isNaN(value)) color = BEYOND >> 8 * (2 - c);
      }
      image.setRGB(i % width, i / width, color);
    }
    return image;
  }
}
