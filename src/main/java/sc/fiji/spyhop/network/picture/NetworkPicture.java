package sc.fiji.spyhop.network.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.CubicCurve2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.util.Strings;

/**
 * A network as a picture to teach with: a box for each layer, together with the functions that
 * follow it, as high as its maps and as wide as it has many channels. Under it stand its name, what
 * it does, the shape of its output, its parameters, and how many pixels of the image each of its
 * values sees. Connections that skip layers are arcs; where they go from one row to another, both
 * ends have the same number.
 */
public final class NetworkPicture {

  private static final int FINE = 2;
  private static final int ROW = 9;
  private static final int TALLEST = 130;
  private static final int LOWEST = 10;
  private static final int MARGIN = 16;
  private static final int LINE = 14;
  private static final int MARK = 8;

  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
  private static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 11);
  private static final Color TEXT = new Color(0x333333);
  private static final Color SKIP = new Color(0x3b6ea5);

  private final List<Block> blocks;
  private final long parameters;
  private final int step;
  private final double largest;
  private final List<Integer> lifts = new ArrayList<>();
  private final List<Integer> tops = new ArrayList<>();
  private int width;
  private int height;

  /** Where a box is. */
  private record Place(int middle, int bottom, int width, int height) {
    int left() {
      return middle - width / 2;
    }

    int right() {
      return left() + width;
    }

    int top() {
      return bottom - height;
    }
  }

  private NetworkPicture(Network network) {
    blocks = Block.of(network);
    parameters = blocks.stream().mapToLong(Block::parameters).sum();
    FontMetrics metrics =
        graphics(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), 1).getFontMetrics(BOLD);
    step =
        14
            + blocks.stream()
                .flatMap(b -> b.lines().stream())
                .mapToInt(metrics::stringWidth)
                .max()
                .orElse(0);
    largest = blocks.stream().mapToDouble(NetworkPicture::pixels).max().orElse(1);
    layOut();
  }

  /**
   * The picture, twice as fine as screens were, on white.
   *
   * @throws sc.fiji.spyhop.SpyhopException if layers do not fit each other
   */
  public static BufferedImage of(Network network) {
    return new NetworkPicture(network).draw();
  }

  /** Height of a map relative to others; of any size, as many as of an image of 256. */
  private static double pixels(Block b) {
    if (b.shape().rank() == 0) return 0;
    int size = b.shape().space().get(0);
    return size > 0 ? size : 256 / b.scale();
  }

  private void layOut() {
    int rows = (blocks.size() + ROW - 1) / ROW;
    int y = MARGIN;
    for (int r = 0; r < rows; r++) {
      int lift = 0;
      for (int i = r * ROW; i < Math.min(blocks.size(), (r + 1) * ROW); i++) {
        for (int s : blocks.get(i).sources()) {
          if (s == i - 1) continue;
          lift = Math.max(lift, s / ROW == r ? lift(i - s) : 3 * MARK);
        }
        for (int t = i + 2; t < blocks.size(); t++) {
          if (blocks.get(t).sources().contains(i) && t / ROW != r) lift = Math.max(lift, 3 * MARK);
        }
      }
      lifts.add(lift);
      tops.add(y);
      y += lift + TALLEST + 7 * LINE + MARGIN;
    }
    width = 2 * MARGIN + Math.min(ROW, blocks.size()) * step;
    height = y + LINE;
  }

  private static int lift(int distance) {
    return 14 + 9 * distance;
  }

  private Place place(int i) {
    Block b = blocks.get(i);
    int row = i / ROW;
    int bottom = tops.get(row) + lifts.get(row) + TALLEST;
    double share = Math.sqrt(pixels(b) / largest);
    boolean vector = b.shape().rank() == 0;
    double channels = Math.log(b.shape().channels() + 1) / Math.log(2);
    int tall =
        vector
            ? (int) Math.min(TALLEST, LOWEST + 8 * channels)
            : (int) Math.max(LOWEST, TALLEST * share);
    int wide = vector ? 8 : (int) Math.min(step - 24, 5 + 5 * channels);
    int middle = MARGIN + i % ROW * step + step / 2;
    return new Place(middle, bottom, wide, tall);
  }

  private static Graphics2D graphics(BufferedImage image, int fine) {
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.scale(fine, fine);
    return g;
  }

  private BufferedImage draw() {
    BufferedImage image =
        new BufferedImage(width * FINE, height * FINE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = graphics(image, FINE);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    connections(g);
    for (int i = 0; i < blocks.size(); i++) box(g, i);
    g.setFont(BOLD);
    g.setColor(TEXT);
    g.drawString(Strings.format("%,d parameters", parameters), MARGIN, height - LINE);
    g.dispose();
    return image;
  }

  private void box(Graphics2D g, int i) {
    Block b = blocks.get(i);
    Place p = place(i);
    g.setColor(color(b.kind()));
    g.fillRect(p.left(), p.top(), p.width(), p.height());
    g.setColor(TEXT);
    g.setStroke(new BasicStroke(1));
    g.drawRect(p.left(), p.top(), p.width(), p.height());
    List<String> lines = b.lines();
    for (int k = 0; k < lines.size(); k++) {
      g.setFont(k == 0 ? BOLD : PLAIN);
      int half = g.getFontMetrics().stringWidth(lines.get(k)) / 2;
      g.drawString(lines.get(k), p.middle() - half, p.bottom() + (k + 1) * LINE + 4);
    }
  }

  private static Color color(Block.Kind kind) {
    return switch (kind) {
      case INPUT -> new Color(0xd9d9d9);
      case WEIGHTS -> new Color(0xf5d27a);
      case POOLING -> new Color(0xe58a7b);
      case UPSAMPLING -> new Color(0x8fc99a);
      case JOINED -> new Color(0x9db8dc);
      case OTHER -> new Color(0xffffff);
    };
  }

  private void connections(Graphics2D g) {
    int mark = 0;
    int[] marks = new int[blocks.size()];
    for (int i = 0; i < blocks.size(); i++) {
      int arriving = 0;
      for (int s : blocks.get(i).sources()) {
        if (s == i - 1) next(g, place(s), place(i), s / ROW == i / ROW);
        else if (s / ROW == i / ROW) arc(g, place(s), place(i), lift(i - s));
        else {
          if (marks[s] == 0) {
            marks[s] = ++mark;
            mark(g, place(s), marks[s], 1);
          }
          mark(g, place(i), marks[s], -1 - 2 * arriving++);
        }
      }
    }
  }

  private static void next(Graphics2D g, Place from, Place to, boolean sameRow) {
    g.setColor(TEXT);
    g.setStroke(new BasicStroke(1.2f));
    double y = from.bottom() - LOWEST / 2.0;
    if (sameRow) {
      g.draw(new Line2D.Double(from.right(), y, to.left() - 4, y));
      head(g, to.left(), y, 0);
      return;
    }
    double back = to.bottom() - LOWEST / 2.0;
    g.draw(new Line2D.Double(from.right(), y, from.right() + 18, y));
    head(g, from.right() + 22, y, 0);
    g.draw(new Line2D.Double(to.left() - 22, back, to.left() - 4, back));
    head(g, to.left(), back, 0);
  }

  /** Over the boxes between. */
  private static void arc(Graphics2D g, Place from, Place to, int lift) {
    g.setColor(SKIP);
    g.setStroke(new BasicStroke(1.4f));
    double top = from.bottom() - TALLEST - lift * 1.2;
    g.draw(
        new CubicCurve2D.Double(
            from.middle(),
            from.top(),
            from.middle(),
            top,
            to.middle(),
            top,
            to.middle(),
            to.top() - 4));
    head(g, to.middle(), to.top(), Math.PI / 2);
  }

  /** A numbered end above a box, to the right of its middle where a connection begins. */
  private static void mark(Graphics2D g, Place p, int number, int side) {
    double x = p.middle() + side * (MARK + 2);
    double y = p.top() - 2.0 * MARK;
    g.setColor(SKIP);
    g.setStroke(new BasicStroke(1.4f));
    g.draw(new Line2D.Double(x, y + MARK, p.middle(), p.top() - (side < 0 ? 4 : 0)));
    if (side < 0) head(g, p.middle(), p.top(), Math.PI / 2);
    g.fillOval((int) x - MARK, (int) y - MARK, 2 * MARK, 2 * MARK);
    g.setColor(Color.WHITE);
    g.setFont(BOLD);
    String text = "" + number;
    g.drawString(text, (int) x - g.getFontMetrics().stringWidth(text) / 2, (int) y + 4);
  }

  private static void head(Graphics2D g, double x, double y, double angle) {
    Path2D tip = new Path2D.Double();
    tip.moveTo(x, y);
    for (double side : new double[] {2.7, -2.7}) {
      tip.lineTo(x + 6 * Math.cos(angle + side), y + 6 * Math.sin(angle + side));
    }
    tip.closePath();
    g.fill(tip);
  }
}
