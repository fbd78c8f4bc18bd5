package sc.fiji.spyhop.inference;

import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * Finds the size of objects for a network that knows one size only: in the scale in which it is
 * surest, they have about that.
 *
 * @param known diameter that the network knows, in pixels of what it is shown
 * @param looks at the image in a scale
 */
record SurestScale(double known, DoubleFunction<ScaleFinder.Look> looks) {

  /** A scale is better than that of the image itself if so much more is seen as a factor. */
  private static final double BETTER = 1.3;

  /** And this much, which is more than what is seen by error. */
  private static final double CERTAIN = 0.1;

  /** Minimum scale that is looked in. */
  private static final double MIN = 1.0 / 16;

  /** There is no doubt that there are objects if this much is seen. */
  private static final double MANY = 0.4;

  /** Objects are of the known size within this ratio. */
  private static final double ALIKE = 1.15;

  /** They are so nearly that a scale between is not looked at. */
  private static final double NEAR = 1.08;

  /**
   * Looks in scales that are a factor of two apart, and once more between the best and the next; no
   * further where the image fits without doubt, and in no larger scale, which takes longest, where
   * a smaller one is better without doubt.
   *
   * @param min scale, at most 1
   * @param max scale, at least 1
   * @return median diameter in pixels of the image as it is; absent if no other scale is better
   */
  OptionalDouble diameter(double min, double max) {
    ScaleFinder.Look own = looks.apply(1);
    ScaleFinder.Look half = looks.apply(Math.max(min, 0.5));
    boolean fits = own.sizes.weight() >= MANY && own.density() >= BETTER * half.density();
    if (fits && isWithin(ALIKE, own)) return OptionalDouble.empty();
    ScaleFinder.Look best = better(own, half);
    for (double scale = 0.25; scale >= Math.max(min, MIN); scale /= 2) {
      best = better(best, looks.apply(scale));
    }
    if (!isBetter(best, own)) best = enlarged(best, max);
    if (best.sizes.weight() == 0) return OptionalDouble.empty();
    if (!isWithin(NEAR, best)) {
      double scale = best.scale * (ratio(best) < 1 ? Math.sqrt(2) : Math.sqrt(0.5));
      best = better(best, looks.apply(Math.max(min, scale)));
    }
    return isBetter(best, own)
        ? OptionalDouble.of(best.sizes.median().orElseThrow() / best.scale)
        : OptionalDouble.empty();
  }

  /** The first of larger scales that is better than the next; what there is, if none is. */
  private ScaleFinder.Look enlarged(ScaleFinder.Look best, double max) {
    ScaleFinder.Look surest = best;
    for (double scale = 2; scale <= max; scale *= 2) {
      ScaleFinder.Look look = looks.apply(scale);
      if (look.density() < surest.density()) break;
      surest = look;
    }
    return surest;
  }

  private static boolean isBetter(ScaleFinder.Look a, ScaleFinder.Look own) {
    return a.density() >= BETTER * own.density() + CERTAIN / own.area();
  }

  private boolean isWithin(double factor, ScaleFinder.Look look) {
    double ratio = ratio(look);
    return ratio >= 1 / factor && ratio <= factor;
  }

  private double ratio(ScaleFinder.Look look) {
    return look.sizes.median().orElseThrow() / known;
  }

  private static ScaleFinder.Look better(ScaleFinder.Look a, ScaleFinder.Look b) {
    return b.density() > a.density() ? b : a;
  }
}
