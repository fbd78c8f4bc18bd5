package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/**
 * A sheet of objects that are to be looked through, row by row: each cut out of its image with its
 * outline, its rank, class and score, and the name of the image below.
 */
public final class ReviewSheet {

  private static final int SIDE = 128;
  private static final int GAP = 10;
  private static final int LINE = 14;
  private static final int COLUMNS = 10;

  /** What is shown of an object and around it, by its longer side. */
  private static final double AROUND = 2;

  /** At least so many pixels of an image are shown, that something can be made out. */
  private static final double MIN = 32;

  private static final Color OUTSIDE = new Color(0xdddddd);
  private static final Color TEXT = new Color(0x333333);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  /** An object. */
  private record Tile(Optional<BufferedImage> picture, List<String> lines) {}

  private final List<Tile> tiles = new ArrayList<>();

  /** A plane of an image, drawn once for all its objects. */
  public static final class Plane {
    private final BufferedImage picture;
    private final double zoom;

    /** Draws a plane. */
    public Plane(ImagePlus image, RoiFormat.Plane at) {
      image.setPositionWithoutUpdate(image.getC(), at.z(), at.t());
      picture = Overlays.render(image, new Overlay());
      zoom = (double) picture.getWidth() / image.getWidth();
    }

    /** A square around an object, with its outline. */
    public BufferedImage cut(Roi roi) {
      Rectangle2D bounds = roi.getFloatBounds();
      double side = Math.max(MIN, AROUND * Math.max(bounds.getWidth(), bounds.getHeight()));
      BufferedImage square = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      Graphics2D g = square.createGraphics();
      g.setColor(OUTSIDE);
      g.fillRect(0, 0, SIDE, SIDE);
      g.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      AffineTransform place = AffineTransform.getScaleInstance(SIDE / side, SIDE / side);
      place.translate(side / 2 - bounds.getCenterX(), side / 2 - bounds.getCenterY());
      AffineTransform pixels = new AffineTransform(place);
      pixels.scale(1 / zoom, 1 / zoom);
      g.drawImage(picture, pixels, null);
      g.setColor(Overlays.color(roi));
      g.setStroke(new BasicStroke(1.5f));
      g.draw(place.createTransformedShape(Overlays.outline(roi)));
      g.dispose();
      return square;
    }
  }

  /**
   * Adds an object behind the others.
   *
   * @param square as {@link Plane#cut} gives it; absent if the image cannot be shown
   * @param image what tables call it
   */
  public void add(Optional<BufferedImage> square, ReviewedObject object, String image) {
    tiles.add(
        new Tile(
            square,
            List.of(
                Strings.format("%d  %s %.2f", tiles.size() + 1, object.type(), object.score()),
                image)));
  }

  /** Draws the sheet. */
  public BufferedImage picture() {
    int columns = Math.max(1, Math.min(COLUMNS, tiles.size()));
    int rows = Math.max(1, (tiles.size() + COLUMNS - 1) / COLUMNS);
    int height = SIDE + 2 * LINE + GAP;
    BufferedImage sheet =
        new BufferedImage(
            columns * (SIDE + GAP) + GAP, rows * height + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    g.setFont(FONT);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    for (int i = 0; i < tiles.size(); i++) {
      int x = GAP + i % COLUMNS * (SIDE + GAP);
      int y = GAP + i / COLUMNS * height;
      g.setColor(OUTSIDE);
      g.fillRect(x, y, SIDE, SIDE);
      tiles.get(i).picture.ifPresent(square -> g.drawImage(square, x, y, null));
      g.setColor(TEXT);
      int baseline = y + SIDE;
      for (String line : tiles.get(i).lines) {
        baseline += LINE;
        g.drawString(fitting(line, g.getFontMetrics()), x, baseline - 2);
      }
    }
    g.dispose();
    return sheet;
  }

  /** As much of a text as there is room for. */
  private static String fitting(String text, FontMetrics metrics) {
    if (metrics.stringWidth(text) <= SIDE) return text;
    String part = text;
    while (!part.isEmpty() && metrics.stringWidth(part + "\u2026") > SIDE) {
      part = part.substring(0, part.length() - 1);
    }
    return part + "\u2026";
  }
}
