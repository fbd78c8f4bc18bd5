package sc.fiji.spyhop.expression;

import java.util.Arrays;

/**
 * Operations on runs of values in 32 bits, each a loop that is compiled by itself. For one thread.
 */
final class Kernels {

  private static final int ONE = Float.floatToRawIntBits(1);

  private final Elementary elementary;
  private final float[] sums;
  private final float[] parts;

  /**
   * @param size number of values at a time, at most
   */
  Kernels(int size) {
    elementary = new Elementary(size);
    sums = new float[size];
    parts = new float[size];
  }

  /** An element-wise operation of one argument. */
  void unary(Operation operation, float[] a, int from, float[] y, int to, int n) {
    switch (operation) {
      case NEGATE -> negate(a, from, y, to, n);
      case NOT -> not(a, from, y, to, n);
      case EXP -> elementary.exp(a, from, y, to, n);
      case LOG -> elementary.log(a, from, y, to, n);
      case SQRT -> sqrt(a, from, y, to, n);
      case ABS -> abs(a, from, y, to, n);
      case SIGN -> sign(a, from, y, to, n);
      case SIGMOID -> elementary.sigmoid(a, from, y, to, n);
      case TANH -> elementary.tanh(a, from, y, to, n);
      case SOFTPLUS -> elementary.softplus(a, from, y, to, n);
      case ERF -> elementary.erf(a, from, y, to, n);
      case SIN, COS, FLOOR -> other(operation, a, from, y, to, n);
      default -> throw new AssertionError(operation);
    }
  }

  /** An element-wise operation of two arguments. */
  static void binary(
      Operation operation, float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    switch (operation) {
      case ADD -> add(a, fromA, b, fromB, y, to, n);
      case SUBTRACT -> subtract(a, fromA, b, fromB, y, to, n);
      case MULTIPLY -> multiply(a, fromA, b, fromB, y, to, n);
      case DIVIDE -> divide(a, fromA, b, fromB, y, to, n);
      case MINIMUM -> min(a, fromA, b, fromB, y, to, n);
      case MAXIMUM -> max(a, fromA, b, fromB, y, to, n);
      case LESS -> less(a, fromA, b, fromB, y, to, n);
      case LESS_OR_EQUAL -> lessOrEqual(a, fromA, b, fromB, y, to, n);
      case EQUAL -> equal(a, fromA, b, fromB, y, to, n);
      case POWER, AND, OR -> other(operation, a, fromA, b, fromB, y, to, n);
      default -> throw new AssertionError(operation);
    }
  }

  private static float truth(boolean value) {
    return Float.intBitsToFloat(value ? ONE : 0);
  }

  private static void negate(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = -a[from + i];
  }

  private static void not(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = truth(a[from + i] == 0);
  }

  private static void sqrt(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = (float) Math.sqrt(a[from + i]);
  }

  private static void abs(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Math.abs(a[from + i]);
  }

  private static void sign(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Math.signum(a[from + i]);
  }

  private static void other(Operation operation, float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = (float) Scalars.apply(operation, a[from + i], 0, 0);
  }

  private static void add(float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = a[fromA + i] + b[fromB + i];
  }

  private static void subtract(
      float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = a[fromA + i] - b[fromB + i];
  }

  private static void multiply(
      float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = a[fromA + i] * b[fromB + i];
  }

  private static void divide(float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = a[fromA + i] / b[fromB + i];
  }

  private static void min(float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Math.min(a[fromA + i], b[fromB + i]);
  }

  private static void max(float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Math.max(a[fromA + i], b[fromB + i]);
  }

  private static void less(float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = truth(a[fromA + i] < b[fromB + i]);
  }

  private static void lessOrEqual(
      float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = truth(a[fromA + i] <= b[fromB + i]);
  }

  private static void equal(float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = truth(a[fromA + i] == b[fromB + i]);
  }

  private static void other(
      Operation operation, float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = (float) Scalars.apply(operation, a[fromA + i], b[fromB + i], 0);
    }
  }

  /** The second where the first is not 0, else the third. */
  static void where(
      float[] condition,
      int from,
      float[] a,
      int fromA,
      float[] b,
      int fromB,
      float[] y,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      // chosen by bits, as processors guess wrong where values are chosen at random
      int magnitude = Float.floatToRawIntBits(condition[from + i]) << 1;
      int mask = (magnitude | -magnitude) >> 31;
      int yes = Float.floatToRawIntBits(a[fromA + i]) & mask;
      int no = Float.floatToRawIntBits(b[fromB + i]) & ~mask;
      y[to + i] = Float.intBitsToFloat(yes | no);
    }
  }

  /** Something of all channels, which lie behind each other, n values each. */
  void channels(Operation operation, float[] a, int channels, float[] y, int n) {
    System.arraycopy(a, 0, y, 0, n);
    for (int c = 1; c < channels; c++) {
      switch (operation) {
        case SUM_CHANNELS -> add(y, 0, a, c * n, y, 0, n);
        case MAX_CHANNELS, LOG_SUM_EXP_CHANNELS -> max(y, 0, a, c * n, y, 0, n);
        case MIN_CHANNELS -> min(y, 0, a, c * n, y, 0, n);
        default -> throw new AssertionError(operation);
      }
    }
    if (operation == Operation.LOG_SUM_EXP_CHANNELS) logSumExp(a, channels, y, n);
  }

  /**
   * @param y the maxima, which are replaced
   */
  private void logSumExp(float[] a, int channels, float[] y, int n) {
    Arrays.fill(sums, 0, n, 0);
    for (int c = 0; c < channels; c++) {
      subtract(a, c * n, y, 0, parts, 0, n);
      elementary.exp(parts, 0, parts, 0, n);
      add(sums, 0, parts, 0, sums, 0, n);
    }
    elementary.log(sums, 0, sums, 0, n);
    for (int i = 0; i < n; i++) {
      // all infinitely small, or one infinitely large
      if (Float.isFinite(y[i])) y[i] += sums[i];
    }
  }
}
