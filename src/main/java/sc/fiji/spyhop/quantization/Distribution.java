package sc.fiji.spyhop.quantization;

import sc.fiji.spyhop.network.Quantization.Range;

/**
 * How the values of a feature map are distributed, however many there are: counts in equal
 * intervals around 0, which become twice as wide as often as values lie beyond them.
 */
final class Distribution {

  private static final int INTERVALS = 4096;

  private long[] counts = new long[INTERVALS];
  private double limit = 1d / (1 << 20);
  private double min;
  private double max;
  private long total;

  /**
   * Adds values.
   *
   * @return whether all were finite; if not, those before the first that is not were added
   */
  boolean add(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) return false;
      while (Math.abs(value) >= limit) widen();
      counts[(int) ((value / limit + 1) * INTERVALS / 2)]++;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    total += values.length;
    return true;
  }

  private void widen() {
    long[] wider = new long[INTERVALS];
    for (int i = 0; i < INTERVALS; i++) wider[INTERVALS / 4 + i / 2] += counts[i];
    counts = wider;
    limit *= 2;
  }

  /**
   * The range of eight bits that suits the values.
   *
   * @param share of the values, in (0, 1], that do not lie above it, and of those that do not lie
   *     below it
   */
  Range range(double share) {
    double low = Math.max(min, -end(share, -1));
    double high = Math.min(max, end(share, 1));
    // where nothing but 0 flows, any range will do
    return low == 0 && high == 0 ? new Range(0, 1) : new Range(low, high);
  }

  /** How far from 0, on one side, the interval ends up to which a share of all values lies. */
  private double end(double share, int side) {
    double beyond = (1 - share) * total;
    long seen = 0;
    int i = INTERVALS / 2;
    while (i > 1) {
      seen += counts[side > 0 ? INTERVALS / 2 + i - 1 : INTERVALS / 2 - i];
      if (seen > beyond) break;
      i--;
    }
    return i * limit * 2 / INTERVALS;
  }
}
