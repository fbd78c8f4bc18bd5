package sc.fiji.spyhop.expression;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Writes an expression down as a formula, from which {@link LayerFormula} makes it again. */
public final class FormulaText {

  /** How tightly parts of a formula hold together, from the loosest on. */
  private enum Bond {
    OR,
    AND,
    TEST,
    SUM,
    PRODUCT,
    SIGN,
    POWER,
    VALUE
  }

  private record Sign(String text, Bond bond, Bond left, Bond right) {}

  private static final Map<Operation, Sign> SIGNS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Operation.OR, new Sign("|", Bond.OR, Bond.OR, Bond.AND)),
              Map.entry(Operation.AND, new Sign("&", Bond.AND, Bond.AND, Bond.TEST)),
              Map.entry(Operation.LESS, new Sign("<", Bond.TEST, Bond.SUM, Bond.SUM)),
              Map.entry(Operation.LESS_OR_EQUAL, new Sign("<=", Bond.TEST, Bond.SUM, Bond.SUM)),
              Map.entry(Operation.EQUAL, new Sign("==", Bond.TEST, Bond.SUM, Bond.SUM)),
              Map.entry(Operation.ADD, new Sign("+", Bond.SUM, Bond.SUM, Bond.PRODUCT)),
              Map.entry(Operation.SUBTRACT, new Sign("-", Bond.SUM, Bond.SUM, Bond.PRODUCT)),
              Map.entry(Operation.MULTIPLY, new Sign("*", Bond.PRODUCT, Bond.PRODUCT, Bond.SIGN)),
              Map.entry(Operation.DIVIDE, new Sign("/", Bond.PRODUCT, Bond.PRODUCT, Bond.SIGN)),
              Map.entry(Operation.POWER, new Sign("^", Bond.POWER, Bond.VALUE, Bond.SIGN))));

  private final int channels;
  private final int longest;
  private final StringBuilder text = new StringBuilder();

  private FormulaText(int channels, int longest) {
    this.channels = channels;
    this.longest = longest;
  }

  /**
   * The text of an expression.
   *
   * @param channels how many there are
   * @param longest most characters
   * @return absent if it would be longer, or holds what formulas of layers cannot say
   */
  public static Optional<String> of(Expression e, int channels, int longest) {
    FormulaText written = new FormulaText(channels, longest);
    return written.add(e, Bond.OR) ? Optional.of(written.text.toString()) : Optional.empty();
  }

  /** Adds an expression, in brackets if it does not hold together tightly enough. */
  private boolean add(Expression e, Bond least) {
    if (text.length() > longest) return false;
    Operation operation = e.operation();
    Sign sign = SIGNS.get(operation);
    if (sign != null) {
      boolean open = open(sign.bond, least);
      boolean left = add(e.argument(0), sign.left);
      text.append(sign.text);
      return left && add(e.argument(1), sign.right) && close(open);
    }
    return switch (operation) {
      case NUMBER -> number(e.number(), least);
      case CHANNELS -> number(channels, least);
      case VARIABLE -> word(e.name());
      case CHANNEL -> word("channel");
      case NEGATE -> prefixed("-", e, least);
      case NOT -> prefixed("!", e, least);
      case SELECT -> add(e.argument(0), Bond.VALUE) && word("[" + (int) e.number() + "]");
      case SUM_CHANNELS -> call("sum", e, ",channels");
      case MAX_CHANNELS -> call("max", e, ",channels");
      case MIN_CHANNELS -> call("min", e, ",channels");
      case LOG_SUM_EXP_CHANNELS -> call("logsumexp", e, ",channels");
      case MINIMUM -> call("min", e, "");
      case MAXIMUM -> call("max", e, "");
      case WHERE -> call("where", e, "");
      case PLACES, SAMPLES, SUM_PLACES, SUM_BATCH -> false;
      default -> call(Functions.name(operation), e, "");
    };
  }

  private boolean open(Bond bond, Bond least) {
    boolean brackets = bond.compareTo(least) < 0;
    if (brackets) text.append('(');
    return brackets;
  }

  private boolean close(boolean open) {
    if (open) text.append(')');
    return text.length() <= longest;
  }

  private boolean word(String word) {
    text.append(word);
    return text.length() <= longest;
  }

  /** A number as it can stand anywhere in a formula; as short as it can be told in 32 bits. */
  public static String number(double value) {
    String digits = digits(value);
    return value < 0 ? "(" + digits + ")" : digits;
  }

  private static String digits(double value) {
    boolean single = (float) value == value;
    String digits = single ? Float.toString((float) value) : Double.toString(value);
    return digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
  }

  private boolean number(double value, Bond least) {
    if (!Double.isFinite(value)) return false;
    boolean open = value < 0 && open(Bond.SIGN, least);
    text.append(digits(value));
    return close(open);
  }

  private boolean prefixed(String sign, Expression e, Bond least) {
    boolean open = open(Bond.SIGN, least);
    text.append(sign);
    return add(e.argument(0), Bond.SIGN) && close(open);
  }

  private boolean call(String name, Expression e, String last) {
    text.append(name);
    String sign = "(";
    for (Expression a : e.arguments()) {
      text.append(sign);
      if (!add(a, Bond.OR)) return false;
      sign = ",";
    }
    return word(last + ")");
  }
}
