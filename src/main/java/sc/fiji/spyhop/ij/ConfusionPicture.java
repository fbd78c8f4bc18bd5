package sc.fiji.spyhop.ij;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;

/** A confusion matrix to look at: a row for each true class, a column for each predicted one. */
public final class ConfusionPicture {

  private static final int MOST_NUMBERS = 40;

  private ConfusionPicture() {}

  /**
   * Draws it. The darker a square, the larger its share of its row; counts are written into squares
   * where there are at most 40 classes.
   *
   * @param counts images, [truth][predicted]
   */
  public static BufferedImage render(List<String> classes, long[][] counts) {
    int n = classes.size();
    int cell = Math.max(4, Math.min(56, 1800 / n));
    Font font = new Font("SansSerif", Font.PLAIN, Math.max(8, Math.min(14, cell / 3)));
    boolean named = n <= 150;
    int margin = named ? 24 + longest(classes, font) : 24;
    int side = margin + n * cell + 12;
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, side, side);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setFont(font);
    FontMetrics metrics = g.getFontMetrics();
    int base = (cell + metrics.getAscent() - metrics.getDescent()) / 2;
    for (int t = 0; t < n; t++) {
      long sum = 0;
      for (long count : counts[t]) sum += count;
      for (int p = 0; p < n; p++) {
        double share = sum == 0 ? 0 : (double) counts[t][p] / sum;
        g.setColor(shade(share, t == p));
        g.fillRect(margin + p * cell, margin + t * cell, cell - 1, cell - 1);
        if (n > MOST_NUMBERS || counts[t][p] == 0) continue;
        String text = Long.toString(counts[t][p]);
        g.setColor(share > 0.5 ? Color.WHITE : Color.BLACK);
        g.drawString(
            text,
            margin + p * cell + (cell - metrics.stringWidth(text)) / 2,
            margin + t * cell + base);
      }
    }
    g.setColor(Color.BLACK);
    g.drawString("truth \u2193  predicted \u2192", 6, metrics.getAscent() + 4);
    if (named) names(g, classes, margin, cell, base, metrics);
    g.dispose();
    return picture;
  }

  private static int longest(List<String> classes, Font font) {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    FontMetrics metrics = g.getFontMetrics(font);
    int longest = metrics.stringWidth("truth \u2193  predicted \u2192");
    for (String name : classes) longest = Math.max(longest, metrics.stringWidth(shortened(name)));
    g.dispose();
    return longest;
  }

  private static String shortened(String name) {
    return name.length() <= 24 ? name : name.substring(0, 23) + "\u2026";
  }

  private static Color shade(double share, boolean right) {
    int light = (int) Math.round(245 - 200 * Math.sqrt(share));
    return right ? new Color(light, light, 245) : new Color(245, light, light);
  }

  private static void names(
      Graphics2D g, List<String> classes, int margin, int cell, int base, FontMetrics metrics) {
    for (int i = 0; i < classes.size(); i++) {
      String name = shortened(classes.get(i));
      g.drawString(name, margin - 6 - metrics.stringWidth(name), margin + i * cell + base);
      AffineTransform upright = g.getTransform();
      g.rotate(-Math.PI / 2, margin + i * cell + base, margin - 6);
      g.drawString(name, margin + i * cell + base, margin - 6);
      g.setTransform(upright);
    }
  }
}
