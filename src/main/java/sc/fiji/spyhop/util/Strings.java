package sc.fiji.spyhop.util;

import java.util.Locale;
import java.util.regex.Pattern;

/** Text out of words and numbers, the same in every language and country. */
public final class Strings {

  private static final int LONGEST = 60;

  /** What is no text to be seen: controls, and marks that turn the direction of writing. */
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+");

  private Strings() {}

  /**
   * What {@link String#format(Locale, String, Object...)} makes for {@link Locale#ROOT}: digits 0
   * to 9 and a decimal point wherever the program runs.
   */
  public static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /** A text with a blank in place of what a terminal would act on. */
  public static String visible(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }

  /**
   * A text on one line, without what a terminal would act on, and not longer than so many
   * characters.
   */
  public static String line(String text, int most) {
    String line = visible(text).replaceAll("\\s+", " ").strip();
    return line.length() > most ? line.substring(0, most).strip() + "..." : line;
  }

  /** The beginning of a text that is too long for a message. */
  public static String shorten(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }

  /**
   * A number of things, such as {@code 1 epoch} or {@code 5 epochs}.
   *
   * @param what one of them is called; with an s, behind a hiss (x, ss, tch) with es, they are
   *     several
   */
  public static String count(long n, String what) {
    boolean hissing = what.matches(".*(x|ss|tch)");
    return n + " " + what + (n == 1 ? "" : hissing ? "es" : "s");
  }
}
