package sc.fiji.spyhop.ij;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A confusion matrix to look at: a row for each true class, a column for each predicted one, names
 * at both, and a scale of the colours.
 */
public final class ConfusionPicture {

  private static final int MAX_NUMBERS = 40;
  private static final int MAX_NAMES = 150;
  private static final int MAX_NAME = 32;
  private static final int GAP = 8;
  private static final int SCALE_WIDTH = 16;
  private static final String TRUTH = "True class";
  private static final String PREDICTION = "Predicted class";
  private static final String SCALE = "Share of the true class (%)";

  private final List<String> classes;
  private final long[][] counts;
  private final int cell;
  private final Font small;
  private final Font title;
  private int left;
  private int top;

  private ConfusionPicture(List<String> classes, long[][] counts) {
    this.classes = classes;
    this.counts = counts;
    int n = classes.size();
    this.cell =
        n <= MAX_NUMBERS
            ? Math.min(52, Math.max(30, 640 / n))
            : Math.max(4, Math.min(30, 1800 / n));
    int size = named() ? Math.max(9, Math.min(15, cell / 2)) : 12;
    this.small = new Font("SansSerif", Font.PLAIN, size);
    this.title = new Font("SansSerif", Font.BOLD, Math.max(13, size + 2));
  }

  /**
   * Draws it. The darker a square, the larger its share of its row, blue on the diagonal and red
   * off it; counts are written into squares where there are at most 40 classes.
   *
   * @param counts images, [truth][predicted]
   */
  public static BufferedImage render(List<String> classes, long[][] counts) {
    return new ConfusionPicture(classes, counts).draw();
  }

  private boolean named() {
    return classes.size() <= MAX_NAMES;
  }

  private BufferedImage draw() {
    Graphics2D probe = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    FontMetrics names = probe.getFontMetrics(small);
    FontMetrics titles = probe.getFontMetrics(title);
    probe.dispose();
    int longest =
        named() ? classes.stream().mapToInt(c -> names.stringWidth(shown(c))).max().orElse(0) : 0;
    int side = Math.max(classes.size() * cell, titles.stringWidth(PREDICTION));
    left = 2 * GAP + titles.getHeight() + longest + GAP;
    top = left;
    int scaleAt = left + side + 3 * GAP;
    int width =
        scaleAt + SCALE_WIDTH + GAP + names.stringWidth("100") + titles.getHeight() + 2 * GAP;
    int height = top + Math.max(side, titles.stringWidth(SCALE)) + 2 * GAP;
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setFont(small);
    squares(g);
    if (named()) names(g);
    g.setColor(Color.BLACK);
    scale(g, scaleAt);
    g.setFont(title);
    int middle = classes.size() * cell / 2;
    g.drawString(
        PREDICTION,
        Math.max(GAP, left + middle - titles.stringWidth(PREDICTION) / 2),
        GAP + titles.getAscent());
    upright(g, TRUTH, GAP + titles.getAscent(), top + middle + titles.stringWidth(TRUTH) / 2);
    upright(g, SCALE, width - GAP, top + titles.stringWidth(SCALE));
    g.dispose();
    return picture;
  }

  private void squares(Graphics2D g) {
    int n = classes.size();
    FontMetrics metrics = g.getFontMetrics();
    for (int t = 0; t < n; t++) {
      long sum = 0;
      for (long count : counts[t]) sum += count;
      for (int p = 0; p < n; p++) {
        double share = sum == 0 ? 0 : (double) counts[t][p] / sum;
        int x = left + p * cell;
        int y = top + t * cell;
        g.setColor(shade(share, t == p));
        g.fillRect(x, y, cell - 1, cell - 1);
        if (n > MAX_NUMBERS || counts[t][p] == 0) continue;
        String text = Long.toString(counts[t][p]);
        Font fitting = small;
        while (g.getFontMetrics(fitting).stringWidth(text) > cell - 3 && fitting.getSize() > 7) {
          fitting = fitting.deriveFont(fitting.getSize2D() - 1);
        }
        g.setFont(fitting);
        g.setColor(share > 0.3 ? Color.WHITE : Color.BLACK);
        g.drawString(
            text, x + (cell - g.getFontMetrics().stringWidth(text)) / 2, y + base(metrics));
        g.setFont(small);
      }
    }
  }

  /** Where text begins below the upper edge of a square. */
  private int base(FontMetrics metrics) {
    return (cell + metrics.getAscent() - metrics.getDescent()) / 2;
  }

  private void names(Graphics2D g) {
    FontMetrics metrics = g.getFontMetrics();
    g.setColor(Color.BLACK);
    for (int i = 0; i < classes.size(); i++) {
      String name = shown(classes.get(i));
      g.drawString(name, left - GAP - metrics.stringWidth(name), top + i * cell + base(metrics));
      upright(g, name, left + i * cell + base(metrics), top - GAP);
    }
  }

  /** Shares from 100 % at the top to 0 at the bottom: of what is right, and of what is wrong. */
  private void scale(Graphics2D g, int x) {
    int height = Math.max(80, Math.min(220, classes.size() * cell));
    FontMetrics metrics = g.getFontMetrics();
    for (int y = 0; y < height; y++) {
      double share = 1 - (double) y / (height - 1);
      g.setColor(shade(share, true));
      g.fillRect(x, top + y, SCALE_WIDTH / 2, 1);
      g.setColor(shade(share, false));
      g.fillRect(x + SCALE_WIDTH / 2, top + y, SCALE_WIDTH / 2, 1);
    }
    g.setColor(Color.BLACK);
    for (int percent = 0; percent <= 100; percent += 50) {
      int y = top + (height - 1) * (100 - percent) / 100;
      g.drawString("" + percent, x + SCALE_WIDTH + 4, y + metrics.getAscent() / 2);
    }
  }

  private static void upright(Graphics2D g, String text, int x, int y) {
    AffineTransform before = g.getTransform();
    g.rotate(-Math.PI / 2, x, y);
    g.drawString(text, x, y);
    g.setTransform(before);
  }

  /** Both ends of a long name, since either may tell it from others. */
  private static String shown(String name) {
    if (name.length() <= MAX_NAME) return name;
    int end = MAX_NAME / 2;
    return name.substring(0, MAX_NAME - 1 - end) + "\u2026" + name.substring(name.length() - end);
  }

  private static Color shade(double share, boolean right) {
    int light = (int) Math.round(245 - 215 * Math.sqrt(share));
    int full = (int) Math.round(245 - 90 * share);
    return right ? new Color(light, light, full) : new Color(full, light, light);
  }
}
