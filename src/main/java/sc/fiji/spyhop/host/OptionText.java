package sc.fiji.spyhop.host;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;

/**
 * The options of an ImageJ macro's {@code run}: {@code key=value key=[value with blanks] key='so
 * too'}. Unlike {@link ij.Macro#getValue}, what stands within a value is never taken for a key.
 */
final class OptionText {

  private static final Pattern KEY = Pattern.compile("\\G\\s*([A-Za-z_][A-Za-z0-9_]*)=");

  /** What follows a value in brackets; titles of images may have brackets of their own. */
  private static final Pattern NEXT = Pattern.compile("\\s+[A-Za-z_][A-Za-z0-9_]*=|\\s*$");

  private static final Pattern WORD = Pattern.compile("\\G\\s*(\\S+)");

  private OptionText() {}

  /**
   * Values by key, in order; of a key that is there twice, the first.
   *
   * @throws SpyhopException if something is no key with a value
   */
  static Map<String, String> parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher key = KEY.matcher(text);
    int at = 0;
    while (key.find(at)) {
      String rest = text.substring(key.end());
      int length = length(key.group(1), rest);
      boolean enclosed = rest.startsWith("[") || rest.startsWith("'");
      values.putIfAbsent(
          key.group(1), enclosed ? rest.substring(1, length - 1) : rest.substring(0, length));
      at = key.end() + length;
    }
    Matcher surplus = WORD.matcher(text);
    if (surplus.find(at)) throw noKey(surplus.group(1));
    return values;
  }

  /** Of the value that a text begins with, with what encloses it. */
  private static int length(String key, String text) {
    if (text.startsWith("'")) return closed(key, text, text.indexOf('\'', 1));
    if (!text.startsWith("[")) {
      int blank = text.indexOf(' ');
      return blank < 0 ? text.length() : blank;
    }
    int first = -1;
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '[') depth++;
      if (text.charAt(i) != ']' || --depth > 0) continue;
      if (NEXT.matcher(text).region(i + 1, text.length()).lookingAt()) return i + 1;
      if (first < 0 && depth == 0) first = i; // what follows is told to be no key
    }
    return closed(key, text, first);
  }

  private static int closed(String key, String text, int last) {
    if (last > 0) return last + 1;
    throw new SpyhopException(
        key + ": expected a closing " + (text.charAt(0) == '[' ? "]." : "quote."));
  }

  private static SpyhopException noKey(String word) {
    return word.matches("[A-Za-z_][A-Za-z0-9_]*")
        ? new SpyhopException(word + ": expected a value, such as " + word + "=true.")
        : new SpyhopException(
            "Expected key=value, received \""
                + word
                + "\". Values with blanks need brackets: key=[value with blanks].");
  }
}
