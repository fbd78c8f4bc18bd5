package sc.fiji.spyhop.expression;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Reads a formula.
 *
 * <pre>
 * choice  = and  { "|" and }
 * and     = test { "&" test }
 * test    = sum  [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
 * sum     = product { ("+" | "-") product }
 * product = sign { ("*" | "/") sign }
 * sign    = [ "-" | "!" ] sign | power
 * power   = value [ "^" sign ]
 * value   = ( number | name | function "(" choice { "," choice } ")" | "(" choice ")" ) { "[" channel "]" }
 * </pre>
 */
final class Parser {

  private static final int MAX_LENGTH = 2000;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_SIZE = 1000;
  private static final int MAX_CHANNEL = 100_000;

  /** A number that has another digit than 0 before its exponent. */
  private static final Pattern NOT_ZERO = Pattern.compile("[0.]*[1-9]");

  /** How sums and means over places and samples are formed. */
  interface Sums {
    /** What sums and means may be taken over. */
    List<Functions.Axis> axes();

    /**
     * Over places, or places and samples.
     *
     * @return absent if the formula may not take these together
     */
    Optional<Expression> over(Functions.Axis axis, boolean mean, Expression of);

    /** Over all that the expression has values for; the same. */
    Optional<Expression> all(boolean mean, Expression of);
  }

  /** An expression, and where in the text it begins. */
  record Part(Expression expression, int at) {
    Kind kind() {
      return expression.kind();
    }
  }

  private final String text;
  private final Expressions make;
  private final Map<String, Expression> variables;
  private final Functions functions;
  private int at;
  private int depth;
  private int size;

  private Parser(String text, Expressions make, Map<String, Expression> variables, Sums sums) {
    this.text = text;
    this.make = make;
    this.variables = variables;
    this.functions = new Functions(make, sums, this);
  }

  /**
   * The expression that a text stands for.
   *
   * @param variables what it may name
   * @throws SpyhopException that says at which character the text is not understood
   */
  static Expression parse(
      String text, Expressions make, Map<String, Expression> variables, Sums sums) {
    Parser parser = new Parser(text, make, variables, sums);
    if (text.length() > MAX_LENGTH) {
      throw new SpyhopException(
          Strings.format(
              "Formula: expected at most %d characters, received %d.", MAX_LENGTH, text.length()));
    }
    Part all = parser.choice();
    if (!parser.isAtEnd()) {
      throw parser.refused(parser.at, "expected an operator such as + or *, or the end");
    }
    return all.expression();
  }

  // -- Text --

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
  }

  private boolean isAtEnd() {
    skip();
    return at == text.length();
  }

  /** Whether a sign comes next, which is then read. */
  private boolean next(String sign) {
    skip();
    if (!text.startsWith(sign, at)) return false;
    at += sign.length();
    return true;
  }

  private void expect(String sign, String why) {
    if (!next(sign)) throw refused(at, "expected " + sign + " " + why);
  }

  /**
   * To be thrown.
   *
   * @param where first character of what is wrong, from 0
   */
  SpyhopException refused(int where, String why) {
    String found =
        where >= text.length()
            ? "the end"
            : "\"" + Strings.visible(text.substring(where, where + 1)) + "\"";
    return new SpyhopException(
        Strings.format(
            "Formula \"%s\": at character %d (%s): %s.",
            Strings.visible(text), where + 1, found, why));
  }

  private Part part(Expression e, int from) {
    if (++size > MAX_SIZE) {
      throw refused(from, "expected a shorter formula of at most " + MAX_SIZE + " parts");
    }
    if (e.is(Operation.DIVIDE) && e.argument(1).isNumber(0)) throw refused(from, "it divides by 0");
    if (e.is(Operation.NUMBER) && !(Math.abs(e.number()) <= Float.MAX_VALUE)) {
      throw refused(from, "it comes to " + e.number() + ", which is no finite number in 32 bits");
    }
    return new Part(e, from);
  }

  private Part of(Operation operation, Part a, Part b) {
    return part(make.of(operation, a.expression(), b.expression()), a.at());
  }

  // -- Operators --

  Part choice() {
    if (++depth > MAX_DEPTH) {
      throw refused(at, "expected at most " + MAX_DEPTH + " levels of brackets");
    }
    Part a = and();
    while (next("|")) a = of(Operation.OR, a, and());
    depth--;
    return a;
  }

  private Part and() {
    Part a = test();
    while (next("&")) a = of(Operation.AND, a, test());
    return a;
  }

  private Part test() {
    Part a = sum();
    if (next("<=")) return of(Operation.LESS_OR_EQUAL, a, sum());
    if (next("<")) return of(Operation.LESS, a, sum());
    if (next(">=")) return turned(Operation.LESS_OR_EQUAL, a);
    if (next(">")) return turned(Operation.LESS, a);
    if (next("==")) return of(Operation.EQUAL, a, sum());
    if (next("!=")) {
      Part same = of(Operation.EQUAL, a, sum());
      return part(make.of(Operation.NOT, same.expression()), a.at());
    }
    return a;
  }

  private Part turned(Operation operation, Part a) {
    Part b = sum();
    return part(make.of(operation, b.expression(), a.expression()), a.at());
  }

  private Part sum() {
    Part a = product();
    while (true) {
      if (next("+")) a = of(Operation.ADD, a, product());
      else if (next("-")) a = of(Operation.SUBTRACT, a, product());
      else return a;
    }
  }

  private Part product() {
    Part a = sign();
    while (true) {
      if (next("*")) a = of(Operation.MULTIPLY, a, sign());
      else if (next("/")) a = of(Operation.DIVIDE, a, sign());
      else return a;
    }
  }

  private Part sign() {
    skip();
    int from = at;
    if (next("-")) return signed(Operation.NEGATE, from);
    if (!text.startsWith("!=", at) && next("!")) return signed(Operation.NOT, from);
    return power();
  }

  private Part signed(Operation operation, int from) {
    if (++depth > MAX_DEPTH) throw refused(from, "expected fewer signs in a row");
    Part a = sign();
    depth--;
    return part(make.of(operation, a.expression()), from);
  }

  private Part power() {
    Part a = value();
    return next("^") ? of(Operation.POWER, a, raised()) : a;
  }

  private Part raised() {
    if (++depth > MAX_DEPTH) throw refused(at, "expected fewer powers of powers");
    Part b = sign();
    depth--;
    return b;
  }

  // -- Values --

  private Part value() {
    Part value = first();
    while (next("[")) value = selected(value);
    return value;
  }

  private Part selected(Part of) {
    skip();
    int from = at;
    while (at < text.length() && isDigit(text.charAt(at))) at++;
    String digits = text.substring(from, at);
    if (digits.isEmpty() || digits.length() > 6 || Integer.parseInt(digits) > MAX_CHANNEL) {
      throw refused(from, "expected the number of a channel, from 0");
    }
    expect("]", "behind the number of a channel");
    if (!of.kind().channels()) {
      throw refused(of.at(), "it has " + of.kind() + ", and no channels to choose from");
    }
    return part(make.select(of.expression(), Integer.parseInt(digits)), of.at());
  }

  private Part first() {
    skip();
    int from = at;
    if (next("(")) {
      Part inside = choice();
      expect(")", "for the bracket at character " + (from + 1));
      return new Part(inside.expression(), from);
    }
    if (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      return part(make.number(number()), from);
    }
    String name = word();
    if (name.isEmpty()) {
      throw refused(from, "expected a number, a variable, a function or a bracket");
    }
    skip();
    boolean call = at < text.length() && text.charAt(at) == '(';
    if (call) return functions.call(name, from);
    if (name.equals("pi")) return part(make.number(Math.PI), from);
    if (name.equals("channel")) return part(make.channel(), from);
    Expression variable = variables.get(name);
    if (variable != null) return part(variable, from);
    if (functions.isFunction(name)) {
      throw refused(from, "expected brackets behind the function " + name);
    }
    throw refused(
        from,
        "there is no \""
            + name
            + "\"; expected one of "
            + String.join(", ", variables.keySet())
            + ", channel and pi, or a function: "
            + functions.names());
  }

  /** Letters and digits from here on. */
  String word() {
    skip();
    int from = at;
    while (at < text.length()
        && (isLetter(text.charAt(at)) || at > from && isDigit(text.charAt(at)))) {
      at++;
    }
    return text.substring(from, at);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private double number() {
    int from = at;
    digits();
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int mark = at++;
      if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) at++;
      int digits = at;
      digits();
      if (digits == at) throw refused(mark, "expected digits behind the e of a number");
    }
    try {
      String written = text.substring(from, at);
      double value = Double.parseDouble(written);
      boolean vanishes = (float) value == 0 && NOT_ZERO.matcher(written).lookingAt();
      if (vanishes) {
        throw refused(from, "expected 0 or at least 1.4e-45, received what is 0 in 32 bits");
      }
      if (value <= Float.MAX_VALUE) return value;
    } catch (NumberFormatException e) {
      // told below
    }
    throw refused(from, "expected a number such as 0.5 or 1e-3, of at most 3.4e38");
  }

  private void digits() {
    while (at < text.length() && isDigit(text.charAt(at))) at++;
  }

  // -- For functions --

  /** Reads an opening bracket. */
  void open() {
    expect("(", "behind a function");
  }

  /** Whether a comma comes next; else there must be a closing bracket. */
  boolean more(int function) {
    if (next(",")) return true;
    expect(")", "or a comma, for the function at character " + (function + 1));
    return false;
  }

  /** The word that comes next, if it is one of these and stands alone; it is then read. */
  Optional<String> oneOf(List<String> words) {
    int from = at;
    String word = word();
    skip();
    boolean alone = at < text.length() && (text.charAt(at) == ')' || text.charAt(at) == ',');
    if (words.contains(word) && alone) return Optional.of(word);
    at = from;
    return Optional.empty();
  }

  Part made(Expression e, int from) {
    return part(e, from);
  }
}
