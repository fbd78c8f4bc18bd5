package sc.fiji.spyhop.exchange.graph;

import java.math.BigInteger;

/** By how much a size is multiplied, and divided, in lowest terms. */
public record Fraction(int numerator, int denominator) {

  private static final int MAX_DENOMINATOR = 1 << 10;

  /** Brings it to lowest terms. */
  public Fraction {
    int common = BigInteger.valueOf(numerator).gcd(BigInteger.valueOf(denominator)).intValue();
    numerator /= common;
    denominator /= common;
  }

  /**
   * The simplest that differs from a number by no more than rounding to 32 bits does.
   *
   * @throws Unsupported if there is none
   */
  public static Fraction near(float number) {
    for (int d = 1; d <= MAX_DENOMINATOR; d++) {
      long n = Math.round((double) number * d);
      if (n > 0 && n <= Integer.MAX_VALUE && Math.abs(n / (double) d - number) < 1e-6 * number) {
        return new Fraction((int) n, d);
      }
    }
    throw new Unsupported("a scale of " + number);
  }

  boolean isOne() {
    return numerator == denominator;
  }

  /** Whether sizes become as many times larger. */
  public boolean isWhole() {
    return denominator == 1;
  }
}
