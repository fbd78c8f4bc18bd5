package sc.fiji.spyhop.pipeline.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sc.fiji.spyhop.prediction.Box;

/**
 * How boxes that a network found differ from the true ones.
 *
 * @param errors of those found; may be empty
 * @param missed how many were not found
 */
public record BoxErrors(List<Error> errors, int missed) {

  /** Least overlap of a box with the true one to count as found. */
  private static final double FOUND = 0.3;

  /**
   * One of them.
   *
   * @param x shift of the centre, as a share of the width
   * @param y shift of the centre, as a share of the height
   * @param width logarithm of how much wider it is
   * @param height logarithm of how much higher it is
   */
  public record Error(double x, double y, double width, double height) {

    static Error of(Box truth, Box found) {
      return new Error(
          (found.centerX() - truth.centerX()) / truth.width(),
          (found.centerY() - truth.centerY()) / truth.height(),
          Math.log(found.width() / truth.width()),
          Math.log(found.height() / truth.height()));
    }

    Box on(Box truth) {
      double w = truth.width() * Math.exp(width);
      double h = truth.height() * Math.exp(height);
      double cx = truth.centerX() + x * truth.width();
      double cy = truth.centerY() + y * truth.height();
      return new Box(cx - w / 2, cy - h / 2, w, h);
    }
  }

  /** Collects errors. */
  static final class Collector {
    private final List<Error> errors = new ArrayList<>();
    private int missed;

    void add(Box truth, List<Box> found) {
      if (found.isEmpty() || truth.iou(found.get(0)) < FOUND) missed++;
      else errors.add(Error.of(truth, found.get(0)));
    }

    BoxErrors finish() {
      return new BoxErrors(List.copyOf(errors), missed);
    }
  }

  /** A box with the error of one that was measured; the true one if none was. */
  Box draw(Box truth, SplittableRandom random) {
    return errors.isEmpty() ? truth : errors.get(random.nextInt(errors.size())).on(truth);
  }
}
