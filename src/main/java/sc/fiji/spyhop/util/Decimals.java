package sc.fiji.spyhop.util;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Numbers as text, the same in every language and country. */
public final class Decimals {

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  private Decimals() {}

  /** The number that a text is; NaN if it is none. */
  public static double parse(String text) {
    String s = text.strip();
    return s.length() <= 64 && DECIMAL.matcher(s).matches() ? Double.parseDouble(s) : Double.NaN;
  }

  /** Up to six decimals, none of them a trailing zero. */
  public static String text(double value) {
    if (!Double.isFinite(value)) return String.valueOf(value);
    BigDecimal rounded =
        BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }
}
