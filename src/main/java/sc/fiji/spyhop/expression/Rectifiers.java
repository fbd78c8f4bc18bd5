package sc.fiji.spyhop.expression;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Tells ReLU and its kin by their structure: a formula that comes to a positive multiple of {@code
 * x}, with or without an upper limit, where {@code x} is positive, and to a smaller one, nothing or
 * {@code exp(x)-1} where it is negative; or {@code x} times a gate that opens as it grows, as in
 * swish, GELU (Hendrycks and Gimpel 2016) and mish (Misra 2019).
 */
final class Rectifiers {

  private final Expressions make;
  private final Expression x;

  /** Of {@code x}, on the side that is looked at. */
  private final int side;

  private final Map<Expression, Expression> known = new HashMap<>();

  private Rectifiers(Expressions make, Expression x, int side) {
    this.make = make;
    this.x = x;
    this.side = side;
  }

  /**
   * Whether a formula rectifies.
   *
   * @param make what made both
   */
  static boolean contain(Expression formula, Expression x, Expressions make) {
    Rectifiers right = new Rectifiers(make, x, 1);
    if (right.isGated(formula)) return true;
    OptionalDouble above = right.steepness(right.of(formula));
    Rectifiers left = new Rectifiers(make, x, -1);
    return above.isPresent()
        && above.getAsDouble() > 0
        && left.isLess(left.of(formula), above.getAsDouble());
  }

  /**
   * The multiple of x, from 0 and below 1, that a formula comes to where x is negative, if it is x
   * itself where x is positive; absent if it is another formula.
   *
   * @param make what made both
   */
  static OptionalDouble leak(Expression formula, Expression x, Expressions make) {
    Rectifiers right = new Rectifiers(make, x, 1);
    Rectifiers left = new Rectifiers(make, x, -1);
    OptionalDouble above = right.slope(right.of(formula));
    OptionalDouble below = left.slope(left.of(formula));
    boolean leaks =
        above.isPresent()
            && above.getAsDouble() == 1
            && below.isPresent()
            && below.getAsDouble() >= 0
            && below.getAsDouble() < 1;
    return leaks ? below : OptionalDouble.empty();
  }

  /** The multiple of x that it is, up to a limit or without one. */
  private OptionalDouble steepness(Expression e) {
    if (e.is(Operation.MINIMUM)) {
      if (isPositive(e.argument(1))) return slope(e.argument(0));
      if (isPositive(e.argument(0))) return slope(e.argument(1));
    }
    boolean clipped =
        e.is(Operation.WHERE)
            && e.argument(0).is(Operation.LESS)
            && e.argument(0).argument(0) == e.argument(1)
            && e.argument(0).argument(1) == e.argument(2)
            && isPositive(e.argument(1));
    return slope(clipped ? e.argument(2) : e);
  }

  private static boolean isPositive(Expression e) {
    return e.is(Operation.NUMBER) && e.number() > 0;
  }

  private boolean isLess(Expression e, double than) {
    OptionalDouble slope = slope(e);
    if (slope.isPresent()) return slope.getAsDouble() >= 0 && slope.getAsDouble() < than;
    if (e.is(Operation.MULTIPLY) && isPositive(e.argument(0))) e = e.argument(1);
    return e.is(Operation.SUBTRACT)
        && e.argument(0).is(Operation.EXP)
        && grows(e.argument(0).argument(0))
        && e.argument(1).isNumber(1);
  }

  private boolean isGated(Expression e) {
    if (!e.is(Operation.MULTIPLY)) return false;
    Expression a = e.argument(0);
    Expression b = e.argument(1);
    return isPositive(a) && isGated(b) || grows(a) && isGate(b) || grows(b) && isGate(a);
  }

  private boolean isGate(Expression e) {
    return switch (e.operation()) {
      case SIGMOID -> grows(e.argument(0));
      case ADD ->
          e.argument(0).isNumber(1)
              && e.argument(1).is(Operation.ERF)
              && grows(e.argument(1).argument(0));
      case MULTIPLY -> isPositive(e.argument(0)) && isGate(e.argument(1));
      case TANH -> e.argument(0).is(Operation.SOFTPLUS) && grows(e.argument(0).argument(0));
      default -> false;
    };
  }

  private boolean grows(Expression e) {
    OptionalDouble slope = slope(e);
    return slope.isPresent() && slope.getAsDouble() > 0;
  }

  /** The multiple of x that it is. */
  private OptionalDouble slope(Expression e) {
    if (e == x) return OptionalDouble.of(1);
    if (e.isNumber(0)) return OptionalDouble.of(0);
    return switch (e.operation()) {
      case NEGATE -> times(-1, slope(e.argument(0)));
      case MULTIPLY ->
          e.argument(0).is(Operation.NUMBER)
              ? times(e.argument(0).number(), slope(e.argument(1)))
              : OptionalDouble.empty();
      case ADD -> sum(slope(e.argument(0)), slope(e.argument(1)));
      case SUBTRACT -> sum(slope(e.argument(0)), times(-1, slope(e.argument(1))));
      default -> OptionalDouble.empty();
    };
  }

  private static OptionalDouble times(double factor, OptionalDouble slope) {
    return slope.isPresent() ? OptionalDouble.of(factor * slope.getAsDouble()) : slope;
  }

  private static OptionalDouble sum(OptionalDouble a, OptionalDouble b) {
    return a.isPresent() && b.isPresent()
        ? OptionalDouble.of(a.getAsDouble() + b.getAsDouble())
        : OptionalDouble.empty();
  }

  /** -1, 0 or 1; absent where it is not known. */
  private OptionalDouble sign(Expression e) {
    if (e.is(Operation.NUMBER)) return OptionalDouble.of(Math.signum(e.number()));
    OptionalDouble slope = slope(e);
    return slope.isPresent() ? OptionalDouble.of(side * Math.signum(slope.getAsDouble())) : slope;
  }

  /** The sign of a difference; absent where it is not known. */
  private OptionalDouble difference(Expression a, Expression b) {
    OptionalDouble ofBoth = sign(make.of(Operation.SUBTRACT, a, b));
    if (ofBoth.isPresent()) return ofBoth;
    OptionalDouble ofA = sign(a);
    OptionalDouble ofB = sign(b);
    boolean apart =
        ofA.isPresent() && ofB.isPresent() && ofA.getAsDouble() * ofB.getAsDouble() <= 0;
    return apart
        ? OptionalDouble.of(Math.signum(ofA.getAsDouble() - ofB.getAsDouble()))
        : OptionalDouble.empty();
  }

  /** What an expression comes to on this side. */
  private Expression of(Expression e) {
    if (e.arguments().isEmpty() || !e.operation().isElementWise()) return e;
    Expression before = known.get(e);
    if (before != null) return before;
    List<Expression> a = e.arguments().stream().map(this::of).toList();
    Expression result = of(e.operation(), a);
    known.put(e, result);
    return result;
  }

  private Expression of(Operation operation, List<Expression> a) {
    Expression all = make.of(operation, a.toArray(Expression[]::new));
    OptionalDouble sign =
        switch (operation) {
          case ABS, SIGN -> sign(a.get(0));
          case MAXIMUM, MINIMUM -> difference(a.get(0), a.get(1));
          case LESS, LESS_OR_EQUAL -> difference(a.get(1), a.get(0));
          default -> OptionalDouble.empty();
        };
    if (sign.isEmpty()) return all;
    double s = sign.getAsDouble();
    return switch (operation) {
      case ABS -> s < 0 ? make.of(Operation.NEGATE, a.get(0)) : a.get(0);
      case SIGN -> make.number(s);
      case MAXIMUM -> a.get(s > 0 ? 0 : 1);
      case MINIMUM -> a.get(s < 0 ? 0 : 1);
      case LESS -> make.number(s > 0 ? 1 : 0);
      default -> make.number(s >= 0 ? 1 : 0);
    };
  }
}
