package sc.fiji.spyhop.job.page;

import java.util.Arrays;
import sc.fiji.spyhop.util.SplitMix64;

/**
 * Numbers of which so many are kept that a plot of them looks as if all were: each is as likely to
 * be kept as any other (Vitter's algorithm R), and the same ones every time.
 */
final class Sample {

  private static final int KEPT = 200_000;

  private double[] kept = new double[1024];
  private long seen;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private boolean whole = true;

  /** Takes a number; what is not finite is passed over. */
  void add(double value) {
    if (!Double.isFinite(value)) return;
    min = Math.min(min, value);
    max = Math.max(max, value);
    whole &= value == Math.rint(value);
    long at = seen < KEPT ? seen : (long) (SplitMix64.unit(SplitMix64.first(seen)) * (seen + 1));
    seen++;
    if (at >= KEPT) return;
    if (at >= kept.length) kept = Arrays.copyOf(kept, 2 * kept.length);
    kept[(int) at] = value;
  }

  /** How many there were. */
  long size() {
    return seen;
  }

  double max() {
    return max;
  }

  /** Whether there are no two that differ. */
  boolean isAlike() {
    return min >= max;
  }

  /** Whether all are whole numbers. */
  boolean isWhole() {
    return whole;
  }

  /** What was kept, ascending. */
  double[] sorted() {
    double[] sorted = Arrays.copyOf(kept, (int) Math.min(seen, KEPT));
    Arrays.sort(sorted);
    return sorted;
  }
}
