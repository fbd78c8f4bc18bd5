package sc.fiji.spyhop.sample;

import java.util.SplittableRandom;

/**
 * Noise of a camera: of photons, whose number varies as Poisson's distribution has it, and of
 * reading, which is Gaussian and everywhere the same.
 *
 * @param gain grey values for each photon, above 0
 * @param read deviation of the noise of reading, grey values, 0 or more
 */
public record CameraNoise(double gain, double read) {

  /** Above so many photons the distribution is as good as Gaussian. */
  private static final double MANY = 500;

  /** Throws an {@link IllegalArgumentException} if one is out of range. */
  public CameraNoise {
    if (!(gain > 0 && read >= 0 && Double.isFinite(gain + read))) {
      throw new IllegalArgumentException(
          "camera noise: expected a gain above 0 and a deviation of 0 or more, received "
              + gain
              + " and "
              + read);
    }
  }

  /**
   * Adds noise.
   *
   * @param values grey values, of which those below 0 count as 0 photons; changed in place
   * @param random the only source of chance
   */
  public void add(float[] values, SplittableRandom random) {
    for (int i = 0; i < values.length; i++) {
      double photons = poisson(Math.max(0, values[i]) / gain, random);
      values[i] = (float) (photons * gain + read * random.nextGaussian());
    }
  }

  /** By products of uniform numbers (Knuth 1969). */
  private static double poisson(double mean, SplittableRandom random) {
    if (mean > MANY) return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }
}
