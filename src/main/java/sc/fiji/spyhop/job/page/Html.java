package sc.fiji.spyhop.job.page;

import java.nio.charset.StandardCharsets;
import sc.fiji.spyhop.util.Strings;

/** Texts and paths as they stand in HTML, whatever is in them. */
final class Html {

  private static final String PLAIN = "-._~/";

  private Html() {}

  /** A text, between tags or in a quoted attribute; controls are blanks. */
  static String text(String text) {
    StringBuilder html = new StringBuilder(text.length() + 16);
    for (char c : Strings.visible(text).toCharArray()) {
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#39;");
        default -> html.append(c);
      }
    }
    return html.toString();
  }

  /** A relative path with slashes, as the reference of a link or picture (RFC 3986). */
  static String path(String path) {
    StringBuilder reference = new StringBuilder("./");
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          b >= 'a' && b <= 'z'
              || b >= 'A' && b <= 'Z'
              || b >= '0' && b <= '9'
              || PLAIN.indexOf(b) >= 0;
      if (plain) reference.append((char) b);
      else reference.append(Strings.format("%%%02X", b));
    }
    return reference.toString();
  }
}
