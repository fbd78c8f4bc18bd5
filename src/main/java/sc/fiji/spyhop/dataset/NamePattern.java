package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;

/**
 * What parts of the name of an image say.
 *
 * @param names of the parts, in order
 * @param regex with a group for each part
 * @param whole whether all of the path has to be like that; else it is looked for in the name, or
 *     in the path if there is a slash in it
 */
record NamePattern(List<String> names, Pattern regex, boolean whole) {

  private static final Pattern PIECE = Pattern.compile("\\{[^{}*]+\\}|\\*|[^{}*]+");

  private static final Pattern NAMED = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

  /**
   * A pattern of the end of the path of an image, without its extension: a word in braces stands
   * for a part, {@code *} for any text; neither for a slash.
   *
   * @param instead what else could have been said, for messages
   * @throws SpyhopException if there are no braces, or one is not closed
   */
  static NamePattern of(String text, String instead) {
    List<String> names = new ArrayList<>();
    StringBuilder regex = new StringBuilder("(?:.*/)?");
    Matcher piece = PIECE.matcher(text);
    int end = 0;
    while (piece.find() && piece.start() == end) {
      end = piece.end();
      String p = piece.group();
      if (p.startsWith("{")) names.add(p.substring(1, p.length() - 1).strip());
      regex.append(p.startsWith("{") ? "([^/]+?)" : p.equals("*") ? "[^/]*?" : Pattern.quote(p));
    }
    if (end == text.length() && !names.isEmpty()) {
      return new NamePattern(names, Pattern.compile(regex.toString()), true);
    }
    throw new SpyhopException(
        "expected a pattern of names in which braces mark what tells the group, such as"
            + " {plate}_*, "
            + instead
            + ", received \""
            + text
            + "\".");
  }

  /** Whether a text is a regular expression with named groups. */
  static boolean isRegex(String text) {
    return NAMED.matcher(text).find();
  }

  /**
   * A regular expression whose named groups are the parts.
   *
   * @throws SpyhopException if it is none
   */
  static NamePattern ofRegex(String text) {
    try {
      List<String> names = NAMED.matcher(text).results().map(m -> m.group(1)).toList();
      return new NamePattern(names, Pattern.compile(text), false);
    } catch (PatternSyntaxException e) {
      throw new SpyhopException(
          "expected a regular expression with named groups such as (?<plate>[^_]+), received \""
              + text
              + "\": "
              + e.getDescription()
              + ".",
          e);
    }
  }

  /**
   * The parts of a name.
   *
   * @param image path with slashes, with or without extension
   * @return as many as there are {@link #names}; empty if it is not called like that
   */
  Optional<List<String>> parts(String image) {
    String stem = Groups.stem(image);
    boolean path = whole || regex.pattern().contains("/");
    Matcher m = regex.matcher(path ? stem : stem.substring(stem.lastIndexOf('/') + 1));
    if (whole ? !m.matches() : !m.find()) return Optional.empty();
    return Optional.of(
        whole
            ? IntStream.rangeClosed(1, m.groupCount()).mapToObj(m::group).toList()
            : names.stream().map(n -> m.group(n) == null ? "" : m.group(n)).toList());
  }
}
