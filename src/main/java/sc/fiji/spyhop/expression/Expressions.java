package sc.fiji.spyhop.expression;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.expression.Kind.Extent;

/**
 * Makes expressions, equal ones once. Puts together what is known (numbers, 0 and 1, double signs)
 * and replaces what overflows by what does not: {@code log(exp(x))}, {@code log(sigmoid(x))},
 * {@code log(1 + exp(x))}, and {@code log(sum(exp(x), channels))}. Not thread safe.
 */
public final class Expressions {

  private record Key(Operation operation, double number, String name, List<Integer> arguments) {}

  private final Map<Key, Expression> made = new HashMap<>();
  private final Map<Expression, Integer> numbers = new HashMap<>();

  private Expression make(
      Operation operation, double number, String name, List<Expression> arguments, Kind kind) {
    Key key = new Key(operation, number, name, arguments.stream().map(numbers::get).toList());
    return made.computeIfAbsent(
        key,
        k -> {
          Expression e = new Expression(operation, number, name, arguments, kind);
          numbers.put(e, numbers.size());
          return e;
        });
  }

  /** A constant, the same for all channels and places. */
  public Expression number(double value) {
    return make(Operation.NUMBER, value, "", List.of(), Kind.ONE);
  }

  /** What a formula is given by a name, with values for what the kind says. */
  public Expression variable(String name, Kind kind) {
    return make(Operation.VARIABLE, 0, name, List.of(), kind);
  }

  /** The number of the channel, from 0. */
  public Expression channel() {
    return make(Operation.CHANNEL, 0, "", List.of(), new Kind(Extent.BATCH, true));
  }

  private Expression count(Operation of) {
    return make(of, 0, "", List.of(), Kind.ONE);
  }

  private Expression plain(Operation operation, Expression... arguments) {
    Kind kind = Kind.ONE;
    for (Expression a : arguments) kind = kind.with(a.kind());
    return make(operation, 0, "", List.of(arguments), kind);
  }

  /** An element-wise operation. */
  public Expression of(Operation operation, Expression... arguments) {
    Expression a = arguments[0];
    Expression b = arguments[arguments.length > 1 ? 1 : 0];
    if (List.of(arguments).stream().allMatch(x -> x.is(Operation.NUMBER))) {
      double c = arguments[arguments.length - 1].number();
      return number(Scalars.apply(operation, a.number(), b.number(), c));
    }
    return switch (operation) {
      case ADD -> sum(a, b);
      case SUBTRACT -> difference(a, b);
      case MULTIPLY -> product(a, b);
      case DIVIDE -> quotient(a, b);
      case POWER -> power(a, b);
      case NEGATE -> negative(a);
      case LOG -> log(a);
      case WHERE -> choice(a, b, arguments[2]);
      default -> plain(operation, arguments);
    };
  }

  private Expression sum(Expression a, Expression b) {
    if (a.isNumber(0)) return b;
    if (b.isNumber(0)) return a;
    if (b.is(Operation.NEGATE)) return difference(a, b.argument(0));
    if (a.is(Operation.NEGATE)) return difference(b, a.argument(0));
    return ordered(Operation.ADD, a, b);
  }

  /** Of those that may be exchanged, the one made first comes first, but for numbers. */
  private Expression ordered(Operation operation, Expression a, Expression b) {
    boolean exchange = b.is(Operation.NUMBER) || numbers.get(b) < numbers.get(a);
    return exchange && !a.is(Operation.NUMBER) ? plain(operation, b, a) : plain(operation, a, b);
  }

  private Expression difference(Expression a, Expression b) {
    if (b.isNumber(0)) return a;
    if (a.isNumber(0)) return negative(b);
    if (a == b) return number(0);
    if (b.is(Operation.NEGATE)) return sum(a, b.argument(0));
    if (a.isNumber(1) && b.is(Operation.SIGMOID)) {
      return plain(Operation.SIGMOID, negative(b.argument(0)));
    }
    return plain(Operation.SUBTRACT, a, b);
  }

  private Expression negative(Expression a) {
    if (a.is(Operation.NUMBER)) return number(-a.number());
    if (a.is(Operation.NEGATE)) return a.argument(0);
    if (a.is(Operation.SUBTRACT)) return difference(a.argument(1), a.argument(0));
    return plain(Operation.NEGATE, a);
  }

  private Expression product(Expression a, Expression b) {
    if (b.is(Operation.NUMBER) && !a.is(Operation.NUMBER)) return product(b, a);
    if (a.isNumber(0)) return a;
    if (a.isNumber(1)) return b;
    if (a.isNumber(-1)) return negative(b);
    if (a.is(Operation.NUMBER) && b.is(Operation.NUMBER)) return number(a.number() * b.number());
    if (a.is(Operation.NUMBER) && b.is(Operation.MULTIPLY) && b.argument(0).is(Operation.NUMBER)) {
      return product(number(a.number() * b.argument(0).number()), b.argument(1));
    }
    if (a.is(Operation.NEGATE)) return negative(product(a.argument(0), b));
    if (b.is(Operation.NEGATE)) return negative(product(a, b.argument(0)));
    // what counts for nothing stays nothing, whatever it is multiplied by
    if (isMasked(a)) return choice(a.argument(0), product(a.argument(1), b), number(0));
    if (isMasked(b)) return choice(b.argument(0), product(a, b.argument(1)), number(0));
    return ordered(Operation.MULTIPLY, a, b);
  }

  private static boolean isMasked(Expression e) {
    return e.is(Operation.WHERE) && e.argument(2).isNumber(0);
  }

  private Expression quotient(Expression a, Expression b) {
    if (b.isNumber(1) || a.isNumber(0)) return a;
    if (b.is(Operation.NUMBER) && b.number() != 0) return product(number(1 / b.number()), a);
    if (a.is(Operation.NEGATE)) return negative(quotient(a.argument(0), b));
    if (isMasked(a)) return choice(a.argument(0), quotient(a.argument(1), b), number(0));
    return plain(Operation.DIVIDE, a, b);
  }

  private Expression power(Expression a, Expression b) {
    if (b.isNumber(0)) return number(1);
    if (b.isNumber(1)) return a;
    if (b.isNumber(2)) return product(a, a);
    if (b.isNumber(3)) return product(a, product(a, a));
    if (b.isNumber(0.5)) return plain(Operation.SQRT, a);
    if (b.isNumber(-1)) return quotient(number(1), a);
    return plain(Operation.POWER, a, b);
  }

  private Expression log(Expression a) {
    if (a.is(Operation.EXP)) return a.argument(0);
    if (a.is(Operation.SIGMOID)) {
      return negative(plain(Operation.SOFTPLUS, negative(a.argument(0))));
    }
    if (a.is(Operation.ADD) && a.argument(0).isNumber(1) && a.argument(1).is(Operation.EXP)) {
      return plain(Operation.SOFTPLUS, a.argument(1).argument(0));
    }
    if (a.is(Operation.ADD) && a.argument(1).isNumber(1) && a.argument(0).is(Operation.EXP)) {
      return plain(Operation.SOFTPLUS, a.argument(0).argument(0));
    }
    if (a.is(Operation.SUM_CHANNELS) && a.argument(0).is(Operation.EXP)) {
      return overChannels(Operation.LOG_SUM_EXP_CHANNELS, a.argument(0).argument(0));
    }
    return plain(Operation.LOG, a);
  }

  private Expression choice(Expression condition, Expression yes, Expression no) {
    if (condition.is(Operation.NUMBER)) return condition.number() != 0 ? yes : no;
    if (yes == no) return yes;
    return plain(Operation.WHERE, condition, yes, no);
  }

  /** One channel of an expression that has several. */
  public Expression select(Expression of, int channel) {
    Kind kind = new Kind(of.kind().extent(), false);
    return make(Operation.SELECT, channel, "", List.of(of), kind);
  }

  /** Something of all channels of an expression that has some. */
  public Expression overChannels(Operation operation, Expression of) {
    return make(operation, 0, "", List.of(of), new Kind(of.kind().extent(), false));
  }

  /** The sum over channels, also of what is the same for all of them. */
  public Expression sumChannels(Expression of) {
    return of.kind().channels()
        ? overChannels(Operation.SUM_CHANNELS, of)
        : product(count(Operation.CHANNELS), of);
  }

  /** The sum over the places of each sample, also of what is the same for all of them. */
  public Expression sumPlaces(Expression of) {
    if (!of.kind().hasPlaces()) return product(count(Operation.PLACES), of);
    Kind kind = new Kind(Extent.SAMPLE, of.kind().channels());
    return make(Operation.SUM_PLACES, 0, "", List.of(of), kind);
  }

  /** The sum over samples and places, also of what is the same for all of them. */
  public Expression sumBatch(Expression of) {
    return switch (of.kind().extent()) {
      case BATCH -> product(product(count(Operation.SAMPLES), count(Operation.PLACES)), of);
      case SAMPLE -> product(count(Operation.PLACES), sumSamples(of));
      case PLACE -> sumSamples(of);
    };
  }

  /**
   * The sum over samples of what has at most one value for each, also of what is the same for all
   * of them, or over places and samples of what has one for each place.
   */
  public Expression sumSamples(Expression of) {
    if (of.kind().extent() == Extent.BATCH) return product(count(Operation.SAMPLES), of);
    Kind kind = new Kind(Extent.BATCH, of.kind().channels());
    return make(Operation.SUM_BATCH, 0, "", List.of(of), kind);
  }

  /** The mean over channels: their sum by their number. */
  public Expression meanChannels(Expression of) {
    return quotient(sumChannels(of), count(Operation.CHANNELS));
  }

  /** The mean over samples of what has one value for each. */
  public Expression meanSamples(Expression of) {
    return quotient(sumSamples(of), count(Operation.SAMPLES));
  }
}
