package sc.fiji.spyhop.engine.normalization;

/**
 * Operations on runs of values of which every n-th belongs to the same channel. Loops are long and
 * plain, so that the compiler makes vector instructions of them.
 */
final class Lanes {

  private Lanes() {}

  /** Repeats values until an array is full. */
  static void spread(float[] values, int count, float[] into, int length) {
    System.arraycopy(values, 0, into, 0, count);
    for (int n = count; n < length; n *= 2) {
      System.arraycopy(into, 0, into, n, Math.min(n, length - n));
    }
  }

  /** Adds up values by halves, whatever the lane; the sums stand in front. The rest is lost. */
  static void sum(float[] values, int places, int lanes) {
    for (int n = places; n > 1; ) {
      int half = (n + 1) / 2;
      add(values, half * lanes, (n - half) * lanes);
      n = half;
    }
  }

  private static void add(float[] values, int from, int count) {
    for (int i = 0; i < count; i++) values[i] += values[from + i];
  }

  static void subtract(float[] a, float[] b, float[] into, int n) {
    for (int i = 0; i < n; i++) into[i] = a[i] - b[i];
  }

  static void multiply(float[] a, float[] b, float[] into, int n) {
    for (int i = 0; i < n; i++) into[i] = a[i] * b[i];
  }
}
