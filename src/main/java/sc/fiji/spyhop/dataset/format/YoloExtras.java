package sc.fiji.spyhop.dataset.format;

/**
 * Tells lines of YOLO that are a box with more numbers behind it, keypoints or what a tracker says,
 * from polygons, which have as many. What one line leaves open is decided by all of a data set.
 */
final class YoloExtras {

  private static final double ROUNDING = 0.01;

  private int lines;
  private int length;
  private boolean alike = true;
  private boolean allInBoxes = true;
  private boolean anyIsNoPolygon;

  /** Takes a line of more numbers than a box with a score has. */
  void add(double[] v) {
    if (v.length < 7) return;
    alike &= lines++ == 0 || v.length == length;
    length = v.length;
    allInBoxes &= isInImage(v) && (areInBox(v, 2) || areInBox(v, 3));
    anyIsNoPolygon |= !isWithin(v, v[3], v[4]) || hasVisibilities(v);
  }

  /**
   * Whether a line is a box with more numbers behind it.
   *
   * @param v class, centre, width and height, and 2 numbers or more
   */
  boolean isOne(double[] v) {
    boolean tracked = v.length == 7 && v[6] == Math.rint(v[6]) && isInImage(v);
    return tracked || (alike && allInBoxes && anyIsNoPolygon);
  }

  private static boolean isInImage(double[] v) {
    for (int i = 1; i <= 2; i++) {
      boolean within = v[i] - v[i + 2] / 2 >= -ROUNDING && v[i] + v[i + 2] / 2 <= 1 + ROUNDING;
      if (!(within && v[i + 2] > 0)) return false;
    }
    return true;
  }

  /** Whether all behind the box are points in it, or 0, 0 where they are not known. */
  private static boolean areInBox(double[] v, int valuesOfPoint) {
    if ((v.length - 5) % valuesOfPoint != 0) return false;
    if (valuesOfPoint == 3 && !hasVisibilities(v)) return false;
    for (int i = 5; i < v.length; i += valuesOfPoint) {
      boolean unknown = v[i] == 0 && v[i + 1] == 0;
      if (!unknown && !isWithin(v, v[i], v[i + 1])) return false;
    }
    return true;
  }

  private static boolean hasVisibilities(double[] v) {
    if (v.length < 8 || (v.length - 5) % 3 != 0) return false;
    for (int i = 7; i < v.length; i += 3) if (v[i] != 0 && v[i] != 1 && v[i] != 2) return false;
    return true;
  }

  private static boolean isWithin(double[] v, double x, double y) {
    return Math.abs(x - v[1]) <= v[3] / 2 + ROUNDING && Math.abs(y - v[2]) <= v[4] / 2 + ROUNDING;
  }
}
