package sc.fiji.spyhop.util;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Splits element-wise work over the processor's cores. */
public final class Parallel {

  /** Below this many elements a second thread costs more than it saves. */
  private static final int SMALLEST_SHARE = 1 << 14;

  private static final int SHARES = 4 * Runtime.getRuntime().availableProcessors();

  private Parallel() {}

  /** Work on elements {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  public interface Range {
    /** Does the work; called from several threads at once, for different ranges. */
    void accept(int from, int to);
  }

  /** Work on a range that yields a number. */
  @FunctionalInterface
  public interface RangeSum {
    /** Gives the sum over the range; called from several threads at once, for different ranges. */
    double apply(int from, int to);
  }

  /** Calls once for each number in {@code [0, n)}, in any order, and returns when all are done. */
  public static void each(int n, IntConsumer body) {
    if (n == 1) {
      body.accept(0);
    } else {
      IntStream.range(0, n).parallel().forEach(body);
    }
  }

  /** As {@link #each}, but in the calling thread if there are few elements in all. */
  public static void each(int n, long elements, IntConsumer body) {
    if (elements < 2 * SMALLEST_SHARE) {
      for (int i = 0; i < n; i++) body.accept(i);
    } else {
      each(n, body);
    }
  }

  /** Calls with ranges that together cover {@code [0, length)}. */
  public static void ranges(int length, Range body) {
    int shares = shares(length);
    each(shares, i -> body.accept(bound(length, shares, i), bound(length, shares, i + 1)));
  }

  /**
   * Adds up what ranges yield. The ranges, and so the rounding, depend on the length and the number
   * of processors alone.
   */
  public static double sum(int length, RangeSum body) {
    int shares = shares(length);
    double[] sums = new double[shares];
    each(shares, i -> sums[i] = body.apply(bound(length, shares, i), bound(length, shares, i + 1)));
    double sum = 0;
    for (double s : sums) sum += s;
    return sum;
  }

  private static int shares(int length) {
    return Math.max(1, Math.min(SHARES, length / SMALLEST_SHARE));
  }

  private static int bound(int length, int shares, int i) {
    return (int) ((long) length * i / shares);
  }
}
