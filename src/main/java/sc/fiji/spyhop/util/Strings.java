package sc.fiji.spyhop.util;

import java.util.Locale;

/** Text out of words and numbers, the same in every language and country. */
public final class Strings {

  private Strings() {}

  /**
   * What {@link String#format(Locale, String, Object...)} makes for {@link Locale#ROOT}: digits 0
   * to 9 and a decimal point wherever the program runs.
   */
  public static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
