package sc.fiji.spyhop.prediction;

import java.util.OptionalDouble;

/**
 * Diameters of objects that a network tells of, pixel by pixel or object by object, each with a
 * weight. Safe for one thread.
 */
public final class SizeHistogram {

  private static final int PER_OCTAVE = 32;

  /** Binary logarithm of the minimum diameter that is told from smaller ones. */
  private static final int MIN = -2;

  private static final int OCTAVES = 18;

  private final double[] bins = new double[OCTAVES * PER_OCTAVE];
  private double weight;

  /**
   * One more.
   *
   * @param octaves binary logarithm of the diameter in pixels
   */
  public void add(double octaves, double share) {
    int bin = (int) Math.floor((octaves - MIN) * PER_OCTAVE);
    bins[Math.max(0, Math.min(bins.length - 1, bin))] += share;
    weight += share;
  }

  /** Of all together. */
  public double weight() {
    return weight;
  }

  /** Half of the weight is of smaller diameters, in pixels; absent if there is no weight. */
  public OptionalDouble median() {
    double left = weight / 2;
    for (int bin = 0; bin < bins.length; bin++) {
      if (bins[bin] >= left && bins[bin] > 0) {
        double octaves = MIN + (bin + left / bins[bin]) / PER_OCTAVE;
        return OptionalDouble.of(Math.pow(2, octaves));
      }
      left -= bins[bin];
    }
    return OptionalDouble.empty();
  }
}
