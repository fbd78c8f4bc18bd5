package sc.fiji.spyhop.util;

import java.util.regex.Pattern;

/**
 * What stands before decimals in the numbers of a table: a point, or also a comma where none
 * separate its columns. In a table with both, a number such as {@code 1.000} beside {@code 10,5} is
 * none: it may be 1 or 1000.
 *
 * @param comma whether a comma may
 * @param both whether some numbers have a comma and some a point
 */
public record DecimalMarks(boolean comma, boolean both) {

  /** Of tables in which decimals stand behind a point alone. */
  public static final DecimalMarks POINT = new DecimalMarks(false, false);

  private static final Pattern WITH_POINT = with("\\.");
  private static final Pattern WITH_COMMA = with(",");
  private static final Pattern MAYBE_GROUPED = Pattern.compile("[+-]?[1-9]\\d{0,2}[.,]\\d{3}");

  private static Pattern with(String mark) {
    return Pattern.compile("[+-]?(\\d+" + mark + "\\d*|" + mark + "\\d+)([eE][+-]?\\d{1,3})?");
  }

  /** Those of a table with this character between its columns. */
  public static DecimalMarks of(char delimiter, Iterable<? extends Iterable<String>> rows) {
    if (delimiter == ',') return POINT;
    return new DecimalMarks(true, has(WITH_POINT, rows) && has(WITH_COMMA, rows));
  }

  private static boolean has(Pattern number, Iterable<? extends Iterable<String>> rows) {
    for (Iterable<String> row : rows) {
      for (String cell : row) if (number.matcher(cell).matches()) return true;
    }
    return false;
  }

  /** The number that a text is; NaN if it is none, or may be one of two. */
  public double parse(String text) {
    if (both && MAYBE_GROUPED.matcher(text.strip()).matches()) return Double.NaN;
    return Decimals.parse(comma ? text.replace(',', '.') : text);
  }
}
