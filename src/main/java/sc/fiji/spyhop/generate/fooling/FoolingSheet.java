package sc.fiji.spyhop.generate.fooling;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import net.imglib2.RandomAccess;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.util.Strings;

/**
 * Images that fool a model on one sheet, under each the class and how sure the model is; where it
 * warns of the image, the frame is orange. Colours are shown as such, of other channels the first.
 */
public final class FoolingSheet {

  private static final int SIDE = 112;
  private static final int LINE = 15;
  private static final int EDGE = 3;
  private static final int GAP = 10;
  private static final int MAX_COLUMNS = 10;
  private static final Color WARNING = new Color(0xe8860c);
  private static final Color PLAIN = new Color(0xb0b0b0);
  private static final Color TEXT = new Color(0x333333);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  private final Canvas canvas;
  private final List<FoolingImage> images;
  private final String title;
  private final int width;
  private final int height;

  /**
   * Draws nothing until it is asked for the picture.
   *
   * @param canvas what the images are made of
   * @param title a line above them; empty for none
   */
  public FoolingSheet(Canvas canvas, List<FoolingImage> images, String title) {
    this.canvas = canvas;
    this.images = List.copyOf(images);
    this.title = title;
    int longer = Math.max(canvas.width(), canvas.height());
    // enlarged in whole squares
    double scale = longer > SIDE ? (double) SIDE / longer : Math.rint((double) SIDE / longer);
    width = Math.max(1, (int) Math.round(canvas.width() * scale));
    height = Math.max(1, (int) Math.round(canvas.height() * scale));
  }

  /** All of them. */
  public BufferedImage picture() {
    int columns = Math.max(1, Math.min(MAX_COLUMNS, columns()));
    int rows = (images.size() + columns - 1) / columns;
    int cellWidth = Math.max(width, SIDE) + 2 * EDGE + GAP;
    int cellHeight = height + 2 * EDGE + 2 * LINE + GAP;
    int top = title.isEmpty() ? 0 : 2 * LINE;
    BufferedImage sheet =
        new BufferedImage(
            columns * cellWidth + GAP, top + rows * cellHeight + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    g.setFont(FONT);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setColor(TEXT);
    g.drawString(shortened(g.getFontMetrics(), title, sheet.getWidth() - 2 * GAP), GAP, LINE + 4);
    for (int i = 0; i < images.size(); i++) {
      int x = GAP + i % columns * cellWidth;
      int y = GAP + top + i / columns * cellHeight;
      draw(g, images.get(i), x, y, cellWidth - GAP);
    }
    g.dispose();
    return sheet;
  }

  /** Rows of about equal length, as few as there can be. */
  private int columns() {
    int rows = (images.size() + MAX_COLUMNS - 1) / MAX_COLUMNS;
    if (rows == 1 && images.size() > 5) rows = 2;
    return (images.size() + rows - 1) / Math.max(1, rows);
  }

  private void draw(Graphics2D g, FoolingImage image, int x, int y, int room) {
    int left = x + (room - width) / 2;
    g.setColor(image.unlike().isEmpty() ? PLAIN : WARNING);
    g.fillRect(left - EDGE, y, width + 2 * EDGE, height + 2 * EDGE);
    boolean smaller = width < canvas.width();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION,
        smaller
            ? RenderingHints.VALUE_INTERPOLATION_BICUBIC
            : RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    g.drawImage(image(image.frame()), left, y + EDGE, width, height, null);
    g.setColor(TEXT);
    int below = y + height + 2 * EDGE;
    centred(g, image.type(), x, below + LINE - 2, room);
    centred(g, Strings.format("%.4f", image.probability()), x, below + 2 * LINE - 2, room);
  }

  private static void centred(Graphics2D g, String text, int x, int baseline, int room) {
    FontMetrics metrics = g.getFontMetrics();
    String fitting = shortened(metrics, text, room);
    g.drawString(fitting, x + (room - metrics.stringWidth(fitting)) / 2, baseline);
  }

  private static String shortened(FontMetrics metrics, String text, int room) {
    String fitting = text;
    for (int n = text.length() - 1; n > 0 && metrics.stringWidth(fitting) > room; n--) {
      fitting = text.substring(0, n).strip() + "...";
    }
    return fitting;
  }

  /** An image as it is shown, in its own size. */
  private BufferedImage image(Frame frame) {
    BufferedImage image =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    RandomAccess<? extends RealType<?>> pixel = frame.pixels().randomAccess();
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        int color = 0;
        for (int c = 0; c < 3; c++) {
          double value = pixel.setPositionAndGet(x, y, canvas.isColor() ? c : 0).getRealDouble();
          color = color << 8 | (int) Math.round(255 * value / canvas.white());
        }
        image.setRGB(x, y, color);
      }
    }
    return image;
  }
}
