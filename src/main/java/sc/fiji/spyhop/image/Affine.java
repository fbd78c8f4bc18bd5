package sc.fiji.spyhop.image;

import sc.fiji.spyhop.SpyhopException;

/**
 * An affine map of the plane: {@code x' = xx x + xy y + x0}, {@code y' = yx x + yy y + y0}.
 *
 * <p>Coordinates are continuous: the first pixel of an image covers 0 to 1, so that its centre is
 * at 0.5, as in ImageJ. Enlarging an image twofold is then {@code scale(2, 2)} and nothing else.
 */
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {

  /** Every point stays where it is. */
  public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

  /** Throws an {@link IllegalArgumentException} if a number is not finite. */
  public Affine {
    if (!Double.isFinite(xx + xy + x0 + yx + yy + y0)) {
      throw new IllegalArgumentException("affine map: expected finite numbers");
    }
  }

  /** Moves points so far to the right and down, pixels. */
  public static Affine translation(double x, double y) {
    return new Affine(1, 0, x, 0, 1, y);
  }

  /** Stretches from the origin, which stays; below 0 it mirrors. */
  public static Affine scale(double x, double y) {
    return new Affine(x, 0, 0, 0, y, 0);
  }

  /**
   * About the origin.
   *
   * @param radians clockwise as seen on the screen, where y points down
   */
  public static Affine rotation(double radians) {
    double c = Math.cos(radians);
    double s = Math.sin(radians);
    return new Affine(c, -s, 0, s, c, 0);
  }

  /**
   * This map, then another.
   *
   * @param next is given what comes out of this one
   */
  public Affine then(Affine next) {
    return new Affine(
        next.xx * xx + next.xy * yx,
        next.xx * xy + next.xy * yy,
        next.xx * x0 + next.xy * y0 + next.x0,
        next.yx * xx + next.yy * yx,
        next.yx * xy + next.yy * yy,
        next.yx * x0 + next.yy * y0 + next.y0);
  }

  /**
   * The way back.
   *
   * @throws SpyhopException if all points fall on a line
   */
  public Affine inverse() {
    double d = determinant();
    if (d == 0 || !Double.isFinite(1 / d)) {
      throw new SpyhopException("Affine map: expected one that can be inverted, received " + this);
    }
    return new Affine(
        yy / d, -xy / d, (xy * y0 - yy * x0) / d, -yx / d, xx / d, (yx * x0 - xx * y0) / d);
  }

  /** How much areas grow; negative where the map mirrors. */
  public double determinant() {
    return xx * yy - xy * yx;
  }

  /** Where a point goes, from the left. */
  public double x(double x, double y) {
    return xx * x + xy * y + x0;
  }

  /** Where a point goes, from the top. */
  public double y(double x, double y) {
    return yx * x + yy * y + y0;
  }
}
