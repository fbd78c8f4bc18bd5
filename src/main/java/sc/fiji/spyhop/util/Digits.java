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
    return digits(value, 6);
  }

  /**
   * A cell of a table: texts as they are, whole numbers whole, others with nine significant digits,
   * which is more than anything is measured to.
   *
   * @param value text or number; null and what is not finite give an empty cell
   */
  public static String cell(Object value) {
    if (value == null) return "";
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? digits(number, 9) : "";
    }
    return value.toString();
  }

  private static String digits(double value, int significant) {
    return new BigDecimal(value)
        .round(new MathContext(significant))
        .stripTrailingZeros()
        .toPlainString();
  }
}
