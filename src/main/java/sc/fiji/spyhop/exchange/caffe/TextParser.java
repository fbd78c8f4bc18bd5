package sc.fiji.spyhop.exchange.caffe;

import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Reads the <a href="https://protobuf.dev/reference/protobuf/textformat-spec/">text form of
 * protocol buffers</a>.
 */
final class TextParser {

  private static final int DEEPEST = 32;
  private static final int MOST_FIELDS = 1_000_000;

  private final String text;
  private int at;
  private int count;

  private TextParser(String text) {
    this.text = text;
  }

  /**
   * @throws SpyhopException with the line, if the text is not of this form
   */
  static Text parse(String text) {
    TextParser parser = new TextParser(text);
    Text message = parser.message('\0', 0);
    return message;
  }

  private Text message(char end, int depth) {
    if (depth > DEEPEST) throw expected("messages at most " + DEEPEST + " deep");
    Text message = new Text();
    while (true) {
      skip();
      if (at == text.length()) {
        if (end != '\0') throw expected(String.valueOf(end));
        return message;
      }
      if (text.charAt(at) == end) {
        at++;
        return message;
      }
      field(message, depth);
    }
  }

  private void field(Text message, int depth) {
    if (++count > MOST_FIELDS) throw expected("at most " + MOST_FIELDS + " fields");
    String name = word();
    skip();
    boolean colon = at < text.length() && text.charAt(at) == ':';
    if (colon) {
      at++;
      skip();
    }
    if (at < text.length() && text.charAt(at) == '[') {
      at++;
      skip();
      while (at < text.length() && text.charAt(at) != ']') {
        value(message, name, colon, depth);
        skip();
      }
      if (at == text.length()) throw expected("]");
      at++;
    } else {
      value(message, name, colon, depth);
    }
  }

  private void value(Text message, String name, boolean colon, int depth) {
    if (at == text.length()) throw expected("a value");
    char c = text.charAt(at);
    if (c == '{' || c == '<') {
      at++;
      message.add(name, message(c == '{' ? '}' : '>', depth + 1));
    } else if (!colon) {
      throw expected(": or {");
    } else if (c == '"' || c == '\'') {
      message.add(name, quoted(c));
    } else {
      message.add(name, word());
    }
  }

  private String quoted(char quote) {
    StringBuilder out = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        return out.toString();
      }
      if (c == '\n') break;
      if (c == '\\' && at + 1 < text.length()) c = text.charAt(++at);
      out.append(c);
    }
    throw expected("the end of a quotation");
  }

  private String word() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "_+-.".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    if (start == at) throw expected("a name or a number");
    return text.substring(start, at);
  }

  /** White space, separators and comments. */
  private void skip() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') at++;
      } else if (Character.isWhitespace(c) || c == ';' || c == ',') {
        at++;
      } else {
        return;
      }
    }
  }

  private SpyhopException expected(String what) {
    long line = text.substring(0, Math.min(at, text.length())).lines().count();
    String found = at < text.length() ? '"' + text.substring(at, at + 1) + '"' : "the end";
    return new SpyhopException(
        Strings.format("line %d: expected %s, received %s.", Math.max(1, line), what, found));
  }
}
