package sc.fiji.spyhop.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a model is shown to people: nothing of it changes what the model does.
 *
 * @param cover a picture
 * @param documentation a text of some pages, in Markdown; may be empty. Longer ones are cut, and
 *     characters that control a terminal become blanks
 */
public record Presentation(Optional<Cover> cover, String documentation) {

  /** Most characters of a documentation. */
  static final int MAX_TEXT = 100_000;

  private static final String CUT = "\n[...]\n";

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\\n\\t]]");

  /** Nothing to show. */
  public static final Presentation NONE = new Presentation(Optional.empty(), "");

  /** Cuts the text, and makes its line breaks those of Unix. */
  public Presentation {
    String text = documentation.replace("\r\n", "\n");
    boolean isLong = text.length() > MAX_TEXT;
    if (isLong && !text.endsWith(CUT)) text = text.substring(0, MAX_TEXT) + CUT;
    documentation = CONTROL.matcher(text).replaceAll(" ");
  }

  /** Whether there is neither. */
  public boolean isNone() {
    return cover.isEmpty() && documentation.isEmpty();
  }
}
