package sc.fiji.spyhop.expression;

/**
 * Functions in 32 bits, right to about the last two of them. What can be computed for several
 * values at a time stands in loops of its own, with one result each and without integers or
 * conditions.
 */
final class Elementary {

  private static final float LOG2_E = 1.44269504f;
  private static final float LN2 = 0.69314718f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** Added, it rounds to whole numbers, which are then the last bits. */
  private static final float ROUNDING = 0x1.8p23f;

  private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

  /** Exponents of two of which the power, and its product with what is left, is a normal number. */
  private static final int MIN_EXPONENT = -125;

  private static final int MAX_EXPONENT = 126;

  /** The powers of two from -256 to 255, the negative ones behind. */
  private static final float[] POWERS = new float[512];

  /** Beyond, a number and 1 is that number, or 1. */
  private static final float FAR = 87;

  private static final int ROOT_OF_HALF = Float.floatToRawIntBits((float) Math.sqrt(0.5));

  static {
    for (int n = -256; n < 256; n++) POWERS[n & 511] = (float) Math.scalb(1.0, n);
  }

  private final float[] scaled;
  private final float[] powers;
  private final float[] rests;
  private final float[] values;

  /**
   * @param size number of values at a time, at most
   */
  Elementary(int size) {
    scaled = new float[size];
    powers = new float[size];
    rests = new float[size];
    values = new float[size];
  }

  void exp(float[] a, int from, float[] y, int to, int n) {
    System.arraycopy(a, from, scaled, 0, n);
    exp(scaled, y, to, n);
  }

  private void exp(float[] x, float[] y, int to, int n) {
    powers(x, powers, n);
    rests(x, powers, rests, n);
    int outside = 0;
    for (int i = 0; i < n; i++) {
      int power = Float.floatToRawIntBits(powers[i]) - ROUNDING_BITS;
      outside |= power - MIN_EXPONENT | MAX_EXPONENT - power;
      y[to + i] = rests[i] * POWERS[power & 511];
    }
    if (outside >= 0) return;
    for (int i = 0; i < n; i++) {
      int power = Float.floatToRawIntBits(powers[i]) - ROUNDING_BITS;
      if (power < MIN_EXPONENT || power > MAX_EXPONENT) y[to + i] = (float) Math.exp(x[i]);
    }
  }

  /** Exponents of two, with {@link #ROUNDING} added. */
  private static void powers(float[] x, float[] powers, int n) {
    for (int i = 0; i < n; i++) powers[i] = x[i] * LOG2_E + ROUNDING;
  }

  /** What the powers of two are to be multiplied by, from 0.7 to 1.42. */
  private static void rests(float[] x, float[] powers, float[] rests, int n) {
    for (int i = 0; i < n; i++) {
      float whole = powers[i] - ROUNDING;
      float r = x[i] - whole * LN2_HIGH - whole * LN2_LOW;
      // the series of exp, of which the rest is below 2^-25 for |r| <= ln(2) / 2
      float p = 1 / 5040f;
      p = p * r + 1 / 720f;
      p = p * r + 1 / 120f;
      p = p * r + 1 / 24f;
      p = p * r + 1 / 6f;
      p = p * r + 0.5f;
      p = p * r + 1;
      rests[i] = p * r + 1;
    }
  }

  /**
   * Exponentials of multiples, of at most {@link #FAR} on either side, so that no power of two
   * needs to be looked up: for what adds 1 to them.
   */
  @SuppressWarnings("IdentityBinaryExpression") // x - x is no number where x is none
  private void near(float[] a, int from, float factor, float[] y, int n) {
    for (int i = 0; i < n; i++) scaled[i] = Math.max(-FAR, Math.min(FAR, factor * a[from + i]));
    powers(scaled, powers, n);
    rests(scaled, powers, rests, n);
    for (int i = 0; i < n; i++) {
      int exponent = Float.floatToRawIntBits(powers[i]) << 23;
      y[i] = Float.intBitsToFloat(Float.floatToRawIntBits(rests[i]) + exponent);
    }
    // what is not a number stays so
    for (int i = 0; i < n; i++) y[i] += scaled[i] - scaled[i];
  }

  void log(float[] a, int from, float[] y, int to, int n) {
    float[] exponents = powers;
    float[] mantissas = rests;
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToRawIntBits(a[from + i]);
      int exponent = bits - ROOT_OF_HALF >> 23;
      exponents[i] = exponent;
      mantissas[i] = Float.intBitsToFloat(bits - (exponent << 23));
    }
    logs(exponents, mantissas, n);
    for (int i = 0; i < n; i++) {
      float x = a[from + i];
      boolean usual = x >= Float.MIN_NORMAL && x <= Float.MAX_VALUE;
      y[to + i] = usual ? exponents[i] : (float) Math.log(x);
    }
  }

  /**
   * The logarithms of numbers, into their exponents.
   *
   * @param mantissas from the root of 1/2 to that of 2
   */
  private static void logs(float[] exponents, float[] mantissas, int n) {
    for (int i = 0; i < n; i++) {
      float f = mantissas[i] - 1;
      float s = f / (2 + f);
      float z = s * s;
      float series = 2 * s * (1 + z * (1 / 3f + z * (1 / 5f + z * (1 / 7f + z * (1 / 9f)))));
      exponents[i] = exponents[i] * LN2 + series;
    }
  }

  void sigmoid(float[] a, int from, float[] y, int to, int n) {
    float[] e = values;
    near(a, from, -1, e, n);
    for (int i = 0; i < n; i++) y[to + i] = 1 / (1 + e[i]);
  }

  void tanh(float[] a, int from, float[] y, int to, int n) {
    float[] e = values;
    near(a, from, 2, e, n);
    for (int i = 0; i < n; i++) e[i] = 1 - 2 / (1 + e[i]);
    for (int i = 0; i < n; i++) {
      float x = a[from + i];
      float s = x * x;
      float near = x * (1 + s * (-1 / 3f + s * (2 / 15f + s * (-17 / 315f + s * (62 / 2835f)))));
      y[to + i] = s < 0.09f ? near : e[i];
    }
  }

  void softplus(float[] a, int from, float[] y, int to, int n) {
    float[] e = values;
    for (int i = 0; i < n; i++) scaled[i] = -Math.abs(a[from + i]);
    exp(scaled, e, 0, n);
    log1p(e, n);
    for (int i = 0; i < n; i++) y[to + i] = Math.max(a[from + i], 0) + e[i];
  }

  /** {@code log(1 + e)} of numbers from 0 to 1, in their place. */
  private static void log1p(float[] e, int n) {
    for (int i = 0; i < n; i++) {
      float s = e[i] / (2 + e[i]);
      float z = s * s;
      float p = 1 / 13f + z * (1 / 15f);
      p = 1 / 9f + z * (1 / 11f + z * p);
      p = 1 / 5f + z * (1 / 7f + z * p);
      e[i] = 2 * s * (1 + z * (1 / 3f + z * p));
    }
  }

  /** Abramowitz and Stegun 1964, 7.1.26, and near 0 the power series. */
  void erf(float[] a, int from, float[] y, int to, int n) {
    float[] e = values;
    for (int i = 0; i < n; i++) scaled[i] = -a[from + i] * a[from + i];
    exp(scaled, e, 0, n);
    for (int i = 0; i < n; i++) {
      double x = a[from + i];
      double size = Math.abs(x);
      double s = x * x;
      double near =
          1 / 10.0 - s * (1 / 42.0 - s * (1 / 216.0 - s * (1 / 1320.0 - s * (1 / 9360.0))));
      double t = 1 / (1 + 0.3275911 * size);
      double far = t * (-1.453152027 + t * 1.061405429);
      far = t * (-0.284496736 + t * (1.421413741 + far));
      far = 1 - t * (0.254829592 + far) * e[i];
      y[to + i] =
          size < 0.7
              ? (float) (2 / Math.sqrt(Math.PI) * x * (1 - s * (1 / 3.0 - s * near)))
              : (float) Math.copySign(far, x);
    }
  }
}
