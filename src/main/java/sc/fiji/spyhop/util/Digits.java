package sc.fiji.spyhop.util;

import java.math.BigDecimal;
import java.math.MathContext;

/** Measured numbers as text, the same in every language and country. */
public final class Digits {

  private Digits() {}

  /**
   * At most six significant digits, without an exponent.
   *
   * @param value finite
   */
  public static String six(double value) {
    return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }
}
