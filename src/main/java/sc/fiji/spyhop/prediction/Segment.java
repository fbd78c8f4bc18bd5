package sc.fiji.spyhop.prediction;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One labelled region of a plane, measured in pixels. A pixel's centre is at (x + 0.5, y + 0.5), as
 * in ImageJ.
 *
 * @param label its number in the label map, at least 1
 * @param area number of pixels
 * @param x centroid, column
 * @param y centroid, row
 * @param probability mean over its pixels of what the network gave for "belongs to an object" (or
 *     to this class), in [0, 1]
 * @param score probability that it matches a true object at an IoU of at least 0.5, in [0, 1];
 *     absent: the model was not calibrated for that, or it is a region of a class
 * @param classes of an object: mean over its pixels of what the network gave for each class; absent
 *     where it tells no classes of objects
 * @param left first column
 * @param top first row
 * @param width columns of the bounding box
 * @param height rows of the bounding box
 */
public record Segment(
    int label,
    long area,
    double x,
    double y,
    double probability,
    OptionalDouble score,
    Optional<ClassScores> classes,
    int left,
    int top,
    int width,
    int height) {

  /** A region whose score is not known, without a class of its own. */
  public Segment(
      int label,
      long area,
      double x,
      double y,
      double probability,
      int left,
      int top,
      int width,
      int height) {
    this(
        label,
        area,
        x,
        y,
        probability,
        OptionalDouble.empty(),
        Optional.empty(),
        left,
        top,
        width,
        height);
  }

  /** The same object with its classes. */
  public Segment withClasses(ClassScores told) {
    return new Segment(
        label, area, x, y, probability, score, Optional.of(told), left, top, width, height);
  }

  /** The same region by another number. */
  public Segment withLabel(int other) {
    return new Segment(other, area, x, y, probability, score, classes, left, top, width, height);
  }

  /** The same region with a score. */
  public Segment withScore(OptionalDouble value) {
    return new Segment(label, area, x, y, probability, value, classes, left, top, width, height);
  }

  /** The same region further to the right and down. */
  public Segment shifted(int dx, int dy) {
    return withPixels(area, x + dx, y + dy, left + dx, top + dy, width, height);
  }

  /** The same object when its pixels have changed. */
  public Segment withPixels(
      long newArea,
      double newX,
      double newY,
      int newLeft,
      int newTop,
      int newWidth,
      int newHeight) {
    return new Segment(
        label,
        newArea,
        newX,
        newY,
        probability,
        score,
        classes,
        newLeft,
        newTop,
        newWidth,
        newHeight);
  }
}
