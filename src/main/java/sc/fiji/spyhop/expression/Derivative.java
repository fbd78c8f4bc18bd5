package sc.fiji.spyhop.expression;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Symbolic differentiation, from the result back to a variable (reverse mode). Where a function has
 * a kink, the derivative of a side is taken: 0 for {@code abs} at 0, that of the second argument of
 * {@code min} and {@code max} where both are equal, so that of {@code max(x, 0)} is 0 at 0. What
 * jumps has a derivative of 0.
 */
final class Derivative {

  private final Expressions make;
  private final Map<Expression, Expression> adjoints = new IdentityHashMap<>();
  private final Set<Expression> dependent = new HashSet<>();

  private Derivative(Expressions make) {
    this.make = make;
  }

  /**
   * The derivative of the sum of {@code result * upstream} with respect to a variable.
   *
   * @param upstream varies no more than the result
   * @param make what made both
   * @return of the kind of the variable, or one that varies less where it is the same for several;
   *     0 if the result does not depend on it
   */
  static Expression of(
      Expression result, Expression variable, Expression upstream, Expressions make) {
    Derivative d = new Derivative(make);
    List<Expression> order = Expression.inOrder(List.of(result));
    for (Expression e : order) {
      if (e == variable || e.arguments().stream().anyMatch(d.dependent::contains)) {
        d.dependent.add(e);
      }
    }
    d.adjoints.put(result, upstream);
    for (int i = order.size() - 1; i >= 0; i--) {
      Expression e = order.get(i);
      Expression g = d.adjoints.get(e);
      if (g != null && e != variable && d.dependent.contains(e)) d.back(e, g);
    }
    return d.adjoints.getOrDefault(variable, make.number(0));
  }

  /** Adds to what comes back to an argument. */
  private void give(Expression result, Expression argument, Expression gradient) {
    if (!dependent.contains(argument)) return;
    Expression reduced = reduced(gradient, result.kind(), argument.kind());
    adjoints.merge(argument, reduced, (a, b) -> make.of(Operation.ADD, a, b));
  }

  /**
   * Sums over what the result varies over and the argument does not. For the operations that take
   * channels, places or samples together it is their own result that the gradient has one value
   * for, and there is nothing to sum.
   */
  private Expression reduced(Expression g, Kind result, Kind argument) {
    Expression sum = g;
    if (result.channels() && !argument.channels()) sum = make.sumChannels(sum);
    if (result.extent().compareTo(argument.extent()) <= 0) return sum;
    return switch (argument.extent()) {
      case PLACE -> sum;
      case SAMPLE -> make.sumPlaces(sum);
      case BATCH ->
          result.extent() == Kind.Extent.SAMPLE ? make.sumSamples(sum) : make.sumBatch(sum);
    };
  }

  private Expression product(Expression a, Expression b) {
    return make.of(Operation.MULTIPLY, a, b);
  }

  private Expression quotient(Expression a, Expression b) {
    return make.of(Operation.DIVIDE, a, b);
  }

  private Expression minus(Expression a, Expression b) {
    return make.of(Operation.SUBTRACT, a, b);
  }

  private Expression negative(Expression a) {
    return make.of(Operation.NEGATE, a);
  }

  private Expression where(Expression condition, Expression yes, Expression no) {
    return make.of(Operation.WHERE, condition, yes, no);
  }

  private Expression less(Expression a, Expression b) {
    return make.of(Operation.LESS, a, b);
  }

  private void back(Expression e, Expression g) {
    Expression zero = make.number(0);
    Expression one = make.number(1);
    Expression a = e.argument(0);
    Expression b = e.argument(e.arguments().size() > 1 ? 1 : 0);
    switch (e.operation()) {
      case ADD -> {
        give(e, a, g);
        give(e, b, g);
      }
      case SUBTRACT -> {
        give(e, a, g);
        give(e, b, negative(g));
      }
      case MULTIPLY -> {
        give(e, a, product(g, b));
        give(e, b, product(g, a));
      }
      case DIVIDE -> {
        give(e, a, quotient(g, b));
        give(e, b, negative(quotient(product(g, e), b)));
      }
      case POWER -> {
        Expression less = make.of(Operation.POWER, a, minus(b, one));
        give(e, a, product(g, product(b, less)));
        if (dependent.contains(b)) {
          give(e, b, product(g, product(e, make.of(Operation.LOG, a))));
        }
      }
      case MINIMUM -> {
        give(e, a, where(less(a, b), g, zero));
        give(e, b, where(less(a, b), zero, g));
      }
      case MAXIMUM -> {
        give(e, a, where(less(b, a), g, zero));
        give(e, b, where(less(b, a), zero, g));
      }
      case WHERE -> {
        Expression c = e.argument(2);
        give(e, b, where(a, g, zero));
        give(e, c, where(make.of(Operation.NOT, a), g, zero));
      }
      case NEGATE -> give(e, a, negative(g));
      case EXP -> give(e, a, product(g, e));
      case LOG -> give(e, a, quotient(g, a));
      case SQRT -> give(e, a, quotient(product(make.number(0.5), g), e));
      case ABS -> give(e, a, product(g, make.of(Operation.SIGN, a)));
      case SIGMOID -> give(e, a, product(g, minus(e, product(e, e))));
      case TANH -> give(e, a, product(g, minus(one, product(e, e))));
      case SOFTPLUS -> give(e, a, product(g, make.of(Operation.SIGMOID, a)));
      case ERF -> {
        Expression bell = make.of(Operation.EXP, negative(product(a, a)));
        give(e, a, product(g, product(make.number(2 / Math.sqrt(Math.PI)), bell)));
      }
      case SIN -> give(e, a, product(g, make.of(Operation.COS, a)));
      case COS -> give(e, a, negative(product(g, make.of(Operation.SIN, a))));
      case SELECT -> {
        Expression chosen = make.of(Operation.EQUAL, make.channel(), make.number(e.number()));
        give(e, a, where(chosen, g, zero));
      }
      case MAX_CHANNELS, MIN_CHANNELS -> {
        // those that share the extreme share its gradient
        Expression extreme = make.of(Operation.EQUAL, a, e);
        give(e, a, where(extreme, quotient(g, make.sumChannels(extreme)), zero));
      }
      case LOG_SUM_EXP_CHANNELS -> give(e, a, product(g, make.of(Operation.EXP, minus(a, e))));
      case SUM_CHANNELS, SUM_PLACES, SUM_BATCH -> give(e, a, g);
      case LESS, LESS_OR_EQUAL, EQUAL, AND, OR, NOT, SIGN, FLOOR -> {
        // constant but where they jump
      }
      default -> throw new AssertionError(e.operation());
    }
  }
}
