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

  /**
   * Adds up values by halves, lane by lane; the sums stand in front.
   *
   * @param values the rest of which is lost
   * @param room as many, which are overwritten: loops that read and write one array are slow
   */
  static void sum(float[] values, float[] room, int places, int lanes) {
    for (int n = places; n > 1; ) {
      int half = (n + 1) / 2;
      int added = (n - half) * lanes;
      System.arraycopy(values, half * lanes, room, 0, added);
      add(values, room, added);
      n = half;
    }
  }

  static void add(float[] sums, float[] v, int n) {
    for (int i = 0; i < n; i++) sums[i] += v[i];
  }

  static void subtract(float[] a, float[] b, float[] into, int n) {
    for (int i = 0; i < n; i++) into[i] = a[i] - b[i];
  }

  static void multiply(float[] a, float[] b, float[] into, int n) {
    for (int i = 0; i < n; i++) into[i] = a[i] * b[i];
  }
}
