package sc.fiji.spyhop.prediction;

import sc.fiji.spyhop.util.Strings;

/**
 * A named point of an object, in the coordinates of {@link Box}: the centre of the pixel in column
 * i and row j is (i + 0.5, j + 0.5).
 *
 * @param name such as "snout", not blank
 * @param x pixels; NaN if absent
 * @param y pixels; NaN if absent
 * @param confidence in [0, 1]; 1 from an annotator
 */
public record Keypoint(String name, double x, double y, double confidence, Visibility visibility) {

  /**
   * Whether a point can be seen. A point that nobody looked for is none of these: its pose does not
   * list it.
   */
  public enum Visibility {
    /** In the image, in sight. */
    VISIBLE,
    /** In the image, but hidden: its place is known all the same. */
    OCCLUDED,
    /** Known not to be in the image; it has no place. */
    ABSENT
  }

  /**
   * Throws an {@link IllegalArgumentException} if the name is blank, the confidence not from 0 to
   * 1, a point that is absent has a place, or another has none.
   */
  public Keypoint {
    if (name.isBlank()) throw new IllegalArgumentException("keypoint: expected a name");
    boolean located = Double.isFinite(x) && Double.isFinite(y);
    boolean nowhere = Double.isNaN(x) && Double.isNaN(y);
    if (visibility == Visibility.ABSENT ? !nowhere : !located) {
      throw new IllegalArgumentException(
          Strings.format(
              "keypoint %s: expected finite coordinates, or none if absent, received (%s, %s)",
              name, x, y));
    }
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException(
          Strings.format(
              "keypoint %s: expected a confidence from 0 to 1, received %s", name, confidence));
    }
  }

  /** As an annotator says it. */
  public static Keypoint at(String name, double x, double y) {
    return new Keypoint(name, x, y, 1, Visibility.VISIBLE);
  }

  /** A point that is not in the image. */
  public static Keypoint absent(String name) {
    return new Keypoint(name, Double.NaN, Double.NaN, 1, Visibility.ABSENT);
  }

  /** Whether it has coordinates; only an absent point has none. */
  public boolean isLocated() {
    return visibility != Visibility.ABSENT;
  }

  /** The same further to the right and down; one that is absent stays so. */
  public Keypoint shifted(double dx, double dy) {
    return movedTo(x + dx, y + dy);
  }

  /** The same point in another place, pixels; just as sure and just as visible. */
  public Keypoint movedTo(double newX, double newY) {
    return new Keypoint(name, newX, newY, confidence, visibility);
  }
}
