package sc.fiji.spyhop.expression;

/** Functions in 32 bits, to about the last of them. */
final class Elementary {

  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** Added and taken away again, it rounds to whole numbers. */
  private static final float ROUNDING = 0x1.8p23f;

  private static final float LARGEST = 88.72283f;
  private static final float SMALLEST = -87.33654f;

  private Elementary() {}

  /** Below the smallest normal number, 0. */
  static float exp(float x) {
    float clipped = Math.max(SMALLEST, Math.min(LARGEST, x));
    float n = clipped * LOG2_E + ROUNDING - ROUNDING;
    float r = clipped - n * LN2_HIGH - n * LN2_LOW;
    // the series of exp, of which the rest is below 2^-25 for |r| <= ln(2) / 2
    float p = 1 / 5040f;
    p = p * r + 1 / 720f;
    p = p * r + 1 / 120f;
    p = p * r + 1 / 24f;
    p = p * r + 1 / 6f;
    p = p * r + 0.5f;
    p = p * r + 1;
    p = p * r + 1;
    int half = (int) n >> 1;
    int other = (int) n - half;
    float y = p * Float.intBitsToFloat(half + 127 << 23) * Float.intBitsToFloat(other + 127 << 23);
    return x < SMALLEST ? 0 : x > LARGEST ? Float.POSITIVE_INFINITY : y;
  }

  static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    float y = 1 / (1 + e);
    return x >= 0 ? y : e * y;
  }

  static float tanh(float x) {
    float size = Math.abs(x);
    float e = exp(-2 * size);
    float far = Math.copySign((1 - e) / (1 + e), x);
    float s = x * x;
    float near = x * (1 + s * (-1 / 3f + s * (2 / 15f + s * (-17 / 315f + s * (62 / 2835f)))));
    return size < 0.3f ? near : far;
  }

  static float softplus(float x) {
    return Math.max(x, 0) + (float) Math.log(1.0 + exp(-Math.abs(x)));
  }

  /** Abramowitz and Stegun 1964, 7.1.26, and near 0 the power series. */
  static float erf(float x) {
    double size = Math.abs((double) x);
    double s = size * size;
    if (size < 0.7) {
      double series =
          1
              - s
                  * (1 / 3.0
                      - s
                          * (1 / 10.0
                              - s * (1 / 42.0 - s * (1 / 216.0 - s * (1 / 1320.0 - s / 9360.0)))));
      return (float) (2 / Math.sqrt(Math.PI) * x * series);
    }
    double t = 1 / (1 + 0.3275911 * size);
    double sum =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return Math.copySign((float) (1 - sum * exp((float) -s)), x);
  }
}
