package sc.fiji.spyhop.dataset;

import java.util.random.RandomGenerator;
import sc.fiji.spyhop.SpyhopException;

/**
 * Closed interval to draw from.
 *
 * @param low smallest
 * @param high largest
 */
public record Range(double low, double high) {

  /** Throws a {@link SpyhopException} if low is above high, or one of them is not finite. */
  public Range {
    if (!(low <= high) || !Double.isFinite(low) || !Double.isFinite(high)) {
      throw new SpyhopException(
          "Range: expected two numbers, the smaller first, received " + low + " to " + high + ".");
    }
  }

  /** From {@code -size} to {@code size}. */
  public static Range symmetric(double size) {
    return new Range(-size, size);
  }

  double uniform(RandomGenerator random) {
    return low + (high - low) * random.nextDouble();
  }

  /** Uniform in the logarithm: doubling is as likely as halving. */
  double logUniform(RandomGenerator random) {
    return Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * random.nextDouble());
  }
}
