package sc.fiji.spyhop.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Passes on texts without the characters that control a terminal: names of files and classes, and
 * descriptions of models, come from strangers. Line breaks and tabs stay.
 */
final class SafeWriter extends FilterWriter {

  SafeWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    out.write(safe((char) c));
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    write(new String(text, offset, length), 0, length);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    out.write(safe(text.substring(offset, offset + length)));
  }

  /** The same text with a question mark for each such character. */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      boolean lineBreak = text.startsWith("\r\n", i);
      safe.append(lineBreak ? text.charAt(i) : safe(text.charAt(i)));
    }
    return safe.toString();
  }

  /** The same text on one line: a question mark for line breaks and tabs as well. */
  static String line(String text) {
    return safe(text).replaceAll("[\\r\\n\\t]", "?");
  }

  private static char safe(char c) {
    if (c == '\n' || c == '\t') return c;
    boolean turnsText = c >= '\u202A' && c <= '\u202E' || c >= '\u2066' && c <= '\u2069';
    return Character.isISOControl(c) || turnsText ? '?' : c;
  }
}
