package sc.fiji.spyhop.image;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/** Maps that turn, scale and shift, and nothing else. */
public final class Similarity {

  /** A point before and after, pixels. */
  public record Match(double x, double y, double toX, double toY) {}

  /**
   * How a map differs from leaving everything where it is.
   *
   * @param x shift of the point asked for, pixels
   * @param y shift of the point asked for, pixels
   * @param radians clockwise as seen on the screen
   * @param scale factor, positive
   */
  public record Parts(double x, double y, double radians, double scale) {}

  private Similarity() {}

  /**
   * The map with the least sum of squared distances between points and where they should go, never
   * a mirroring one (Umeyama 1991, in the plane).
   *
   * @param matches two or more
   * @throws SpyhopException if there are fewer, or all points lie in one place
   */
  public static Affine fit(List<Match> matches) {
    int n = matches.size();
    double x = matches.stream().mapToDouble(Match::x).sum() / n;
    double y = matches.stream().mapToDouble(Match::y).sum() / n;
    double toX = matches.stream().mapToDouble(Match::toX).sum() / n;
    double toY = matches.stream().mapToDouble(Match::toY).sum() / n;
    double dot = 0;
    double cross = 0;
    double spread = 0;
    for (Match m : matches) {
      double px = m.x() - x;
      double py = m.y() - y;
      double qx = m.toX() - toX;
      double qy = m.toY() - toY;
      dot += px * qx + py * qy;
      cross += px * qy - py * qx;
      spread += px * px + py * py;
    }
    if (n < 2 || !(spread > 1e-9) || !(Math.hypot(dot, cross) > 1e-9)) {
      throw new SpyhopException(
          "Alignment: expected two or more points in different places, received "
              + (n < 2 ? n + "." : "points in one place."));
    }
    double c = dot / spread;
    double s = cross / spread;
    return new Affine(c, -s, toX - c * x + s * y, s, c, toY - s * x - c * y);
  }

  /**
   * The parts of a similarity.
   *
   * @param map a similarity: turned, scaled and shifted, without shear
   * @param x where the shift is measured
   * @param y where the shift is measured
   */
  public static Parts parts(Affine map, double x, double y) {
    return new Parts(
        map.x(x, y) - x,
        map.y(x, y) - y,
        Math.atan2(map.yx(), map.xx()),
        Math.hypot(map.xx(), map.yx()));
  }

  /** The map that has some parts; the inverse of {@link #parts}. */
  public static Affine of(Parts parts, double x, double y) {
    return Affine.translation(-x, -y)
        .then(Affine.scale(parts.scale(), parts.scale()))
        .then(Affine.rotation(parts.radians()))
        .then(Affine.translation(x + parts.x(), y + parts.y()));
  }
}
