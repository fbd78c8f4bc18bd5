package sc.fiji.spyhop.job.page;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.job.page.Findings.Place;

/**
 * What the model is least sure of, cut out of a picture: a square for each, side by side, with the
 * object in its middle. A place that is not known stays empty.
 */
final class Squares {

  /** In pixels; pages show half of it, for fine screens and print. */
  static final int SIDE = 128;

  static final int GAP = 8;

  /** What is shown of an object and around it, by its longer side. */
  private static final double AROUND = 2;

  /** At least so many pixels of the picture are shown, that something can be made out. */
  private static final double MIN = 64;

  /** What is beyond the border of the picture. */
  private static final Color OUTSIDE = new Color(0xdddddd);

  private Squares() {}

  /**
   * Cuts them out.
   *
   * @param places in the picture
   * @return absent if none is known
   */
  static Optional<BufferedImage> of(BufferedImage picture, List<Optional<Place>> places) {
    if (places.stream().allMatch(Optional::isEmpty)) return Optional.empty();
    int width = Findings.LEAST * (SIDE + GAP) - GAP;
    BufferedImage row = new BufferedImage(width, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = row.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, SIDE);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    for (int i = 0; i < places.size(); i++) {
      int left = i * (SIDE + GAP);
      places.get(i).ifPresent(place -> cut(g, picture, place, left));
    }
    g.dispose();
    return Optional.of(row);
  }

  private static void cut(Graphics2D g, BufferedImage picture, Place place, int left) {
    double side = Math.max(MIN, AROUND * Math.max(place.width(), place.height()));
    int cut = (int) Math.round(side);
    BufferedImage part = new BufferedImage(cut, cut, BufferedImage.TYPE_INT_RGB);
    Graphics2D around = part.createGraphics();
    around.setColor(OUTSIDE);
    around.fillRect(0, 0, cut, cut);
    int x = (int) Math.round(place.x() + place.width() / 2 - side / 2);
    int y = (int) Math.round(place.y() + place.height() / 2 - side / 2);
    around.drawImage(picture, -x, -y, null);
    around.dispose();
    BufferedImage small = Jpeg.halved(part, 2 * SIDE);
    g.drawImage(small, left, 0, SIDE, SIDE, null);
  }
}
