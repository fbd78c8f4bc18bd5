package sc.fiji.spyhop.prediction;

import java.util.Collection;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/**
 * An axis-aligned rectangle in continuous pixel coordinates: x to the right, y down, the pixel in
 * column i and row j covers [i, i + 1) x [j, j + 1), its centre is at (i + 0.5, j + 0.5), as in
 * ImageJ. A box around columns 3 to 5 thus has x = 3 and width = 3. It may reach beyond the image.
 *
 * @param x left edge, pixels, finite
 * @param y top edge, pixels, finite
 * @param width pixels, above 0, finite
 * @param height pixels, above 0, finite
 */
public record Box(double x, double y, double width, double height) {

  /**
   * Throws an {@link IllegalArgumentException} if a number is not finite, or width or height not
   * above 0.
   */
  public Box {
    if (!(Double.isFinite(x)
        && Double.isFinite(y)
        && width > 0
        && height > 0
        && Double.isFinite(x + width)
        && Double.isFinite(y + height))) {
      throw new IllegalArgumentException(
          Strings.format(
              "box: expected finite numbers, width and height above 0, received x %s, y %s, %s x %s",
              x, y, width, height));
    }
  }

  /** The box between two corners, whatever their order. */
  public static Box between(double x1, double y1, double x2, double y2) {
    return new Box(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1));
  }

  /** The smallest box around some boxes. */
  public static Box around(Collection<Box> boxes) {
    double left = boxes.stream().mapToDouble(Box::x).min().orElseThrow();
    double top = boxes.stream().mapToDouble(Box::y).min().orElseThrow();
    double right = boxes.stream().mapToDouble(Box::right).max().orElseThrow();
    double bottom = boxes.stream().mapToDouble(Box::bottom).max().orElseThrow();
    return between(left, top, right, bottom);
  }

  /** Right edge, pixels; the first column beyond if it is a whole number. */
  public double right() {
    return x + width;
  }

  /** Lower edge, pixels; the first row beyond if it is a whole number. */
  public double bottom() {
    return y + height;
  }

  /** Pixels; 0.5 for a box around column 0. */
  public double centerX() {
    return x + width / 2;
  }

  /** Pixels; 0.5 for a box around row 0. */
  public double centerY() {
    return y + height / 2;
  }

  /** Square pixels. */
  public double area() {
    return width * height;
  }

  /** Whether a point is inside; left and top edges count, right and lower ones do not. */
  public boolean contains(double px, double py) {
    return px >= x && px < right() && py >= y && py < bottom();
  }

  /** The box so many pixels further right and down. */
  public Box shifted(double dx, double dy) {
    return new Box(x + dx, y + dy, width, height);
  }

  /** What two boxes share; empty if that has no area. */
  public Optional<Box> intersection(Box other) {
    double left = Math.max(x, other.x);
    double top = Math.max(y, other.y);
    double right = Math.min(right(), other.right());
    double bottom = Math.min(bottom(), other.bottom());
    return right > left && bottom > top
        ? Optional.of(new Box(left, top, right - left, bottom - top))
        : Optional.empty();
  }

  /** Intersection over union, in [0, 1] (Jaccard index). */
  public double iou(Box other) {
    double w = Math.min(right(), other.right()) - Math.max(x, other.x);
    double h = Math.min(bottom(), other.bottom()) - Math.max(y, other.y);
    if (!(w > 0 && h > 0)) return 0;
    return w * h / (area() + other.area() - w * h);
  }
}
