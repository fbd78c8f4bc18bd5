package sc.fiji.spyhop.dataset;

/**
 * Where each pixel of a picture comes from in an image: {@code x = x0 + i * xi + j * xj} and {@code
 * y = y0 + i * yi + j * yj} for column i, row j, where integers are centres of pixels.
 *
 * @param exact whether pixels fall on pixels, so that none has to be interpolated
 */
public record Cutout(
    double x0, double xi, double xj, double y0, double yi, double yj, boolean exact) {

  /**
   * Stretches a whole image over a picture, corner to corner.
   *
   * @param width and {@code height} of the image
   * @param toWidth and {@code toHeight} of the picture
   */
  public static Cutout resize(int width, int height, int toWidth, int toHeight) {
    double sx = (double) width / toWidth;
    double sy = (double) height / toHeight;
    boolean exact = width == toWidth && height == toHeight;
    return new Cutout((sx - 1) / 2, sx, 0, (sy - 1) / 2, 0, sy, exact);
  }

  /** The same of what lies elsewhere, by any number of columns and rows. */
  public Cutout shifted(double dx, double dy) {
    return new Cutout(x0 + dx, xi, xj, y0 + dy, yi, yj, exact && dx == 0 && dy == 0);
  }

  /** Whether left and right are exchanged. */
  public boolean isMirrored() {
    return determinant() < 0;
  }

  /** Whether pictures have an area, so that points can be found in them. */
  boolean isInvertible() {
    double det = determinant();
    return Double.isFinite(det + x0 + y0) && Math.abs(det) > 1e-9;
  }

  private double determinant() {
    return xi * yj - xj * yi;
  }

  /**
   * Where a point of the image comes to lie in the picture, both in continuous coordinates: the
   * centre of the first pixel is (0.5, 0.5).
   *
   * @return x and y
   */
  public double[] toPicture(double x, double y) {
    double dx = x - 0.5 - x0;
    double dy = y - 0.5 - y0;
    double det = determinant();
    return new double[] {
      (yj * dx - xj * dy) / det + 0.5, (xi * dy - yi * dx) / det + 0.5,
    };
  }

  /** Where a point of the picture comes from in the image, both in continuous coordinates. */
  public double[] toImage(double x, double y) {
    double i = x - 0.5;
    double j = y - 0.5;
    return new double[] {x0 + i * xi + j * xj + 0.5, y0 + i * yi + j * yj + 0.5};
  }
}
