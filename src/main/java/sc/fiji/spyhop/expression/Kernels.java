package sc.fiji.spyhop.expression;

/** Operations on runs of values in 32 bits, each a loop that is compiled by itself. */
final class Kernels {

  private Kernels() {}

  /** An element-wise operation of one argument. */
  static void unary(Operation operation, float[] a, int from, float[] y, int to, int n) {
    switch (operation) {
      case NEGATE -> negate(a, from, y, to, n);
      case NOT -> not(a, from, y, to, n);
      case EXP -> exp(a, from, y, to, n);
      case LOG -> log(a, from, y, to, n);
      case SQRT -> sqrt(a, from, y, to, n);
      case ABS -> abs(a, from, y, to, n);
      case SIGN -> sign(a, from, y, to, n);
      case SIGMOID -> sigmoid(a, from, y, to, n);
      case TANH -> tanh(a, from, y, to, n);
      case SOFTPLUS -> softplus(a, from, y, to, n);
      case ERF -> erf(a, from, y, to, n);
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

  private static void negate(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = -a[from + i];
  }

  private static void not(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = a[from + i] == 0 ? 1 : 0;
  }

  private static void exp(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Elementary.exp(a[from + i]);
  }

  private static void log(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = (float) Math.log(a[from + i]);
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

  private static void sigmoid(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Elementary.sigmoid(a[from + i]);
  }

  private static void tanh(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Elementary.tanh(a[from + i]);
  }

  private static void softplus(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Elementary.softplus(a[from + i]);
  }

  private static void erf(float[] a, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = Elementary.erf(a[from + i]);
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
    for (int i = 0; i < n; i++) y[to + i] = a[fromA + i] < b[fromB + i] ? 1 : 0;
  }

  private static void lessOrEqual(
      float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = a[fromA + i] <= b[fromB + i] ? 1 : 0;
  }

  private static void equal(float[] a, int fromA, float[] b, int fromB, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) y[to + i] = a[fromA + i] == b[fromB + i] ? 1 : 0;
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
      float yes = a[fromA + i];
      float no = b[fromB + i];
      y[to + i] = condition[from + i] != 0 ? yes : no;
    }
  }

  /** Something of all channels, which lie behind each other, n values each. */
  static void channels(Operation operation, float[] a, int channels, float[] y, int n) {
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
  private static void logSumExp(float[] a, int channels, float[] y, int n) {
    float[] sum = new float[n];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < n; i++) sum[i] += Elementary.exp(a[c * n + i] - y[i]);
    }
    for (int i = 0; i < n; i++) {
      // all infinitely small, or one infinitely large
      if (Float.isFinite(y[i])) y[i] += (float) Math.log(sum[i]);
    }
  }
}
