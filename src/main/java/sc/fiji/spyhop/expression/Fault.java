package sc.fiji.spyhop.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/**
 * Where a formula makes of finite numbers one that is not, in 32 bits.
 *
 * @param operation that does
 * @param of what it is given
 * @param isDerivative whether it is in the derivative of the formula
 */
public record Fault(Operation operation, List<Double> of, boolean isDerivative) {

  /** Copies the list. */
  public Fault {
    of = List.copyOf(of);
  }

  /** Such as {@code log(-0.3)}. */
  public String text() {
    List<String> values = of.stream().map(v -> Strings.format("%.3g", v)).toList();
    String sign =
        switch (operation) {
          case ADD -> " + ";
          case SUBTRACT -> " - ";
          case MULTIPLY -> " * ";
          case DIVIDE -> " / ";
          case POWER -> "^";
          default -> "";
        };
    String said =
        sign.isEmpty()
            ? operation.name().toLowerCase(Locale.ROOT) + "(" + String.join(", ", values) + ")"
            : String.join(sign, values);
    return isDerivative ? said + " in its derivative" : said;
  }

  /** What to write instead. */
  public String advice() {
    String form =
        switch (operation) {
          case LOG -> "log(max(VALUE, 1e-6)); log(p) and log(sigmoid(z)) are stable as they stand";
          case SQRT -> "sqrt(max(VALUE, 1e-6))";
          case DIVIDE ->
              isDerivative
                  ? "sqrt(max(VALUE, 1e-6)), log(max(VALUE, 1e-6)) and VALUE/max(OTHER, 1e-6)"
                  : "VALUE/max(OTHER, 1e-6), or VALUE/(1e-6+abs(OTHER))";
          case POWER -> "max(VALUE, 1e-6)^EXPONENT";
          case EXP -> "exp(min(VALUE, 20)), or softplus(VALUE) for log(1+exp(VALUE))";
          default -> "clip(VALUE, -1e6, 1e6)";
        };
    return "Write a form that is finite for all values: " + form + ".";
  }

  /**
   * Looks at one place.
   *
   * @param value the formula, or what it takes sums of
   * @param derivative its derivative, in which sums over places count as 1
   * @param variables values of each channel, or one value for those that have no channels
   */
  static Optional<Fault> find(
      List<Expression> value,
      Expression derivative,
      Map<String, double[]> variables,
      int channels) {
    List<Expression> roots = new ArrayList<>(value);
    roots.add(derivative);
    Trace trace = new Trace(Expression.inOrder(roots), variables, channels);
    for (Expression e : value) {
      Optional<Fault> fault = trace.of(e, false);
      if (fault.isPresent()) return fault;
    }
    return trace.of(derivative, true);
  }

  /** What all parts of a formula come to at a place. */
  private static final class Trace {
    private final int channels;
    private final Map<Expression, double[]> values = new HashMap<>();

    Trace(List<Expression> order, Map<String, double[]> variables, int channels) {
      this.channels = channels;
      Singles singles = new Singles(new Dimensions(1, channels, 1));
      for (Expression e : order) {
        if (e.is(Operation.VARIABLE)) {
          values.put(e, variables.get(e.name()));
        } else if (e.operation().reducesPlaces()) {
          double[] ones = new double[channels];
          Arrays.fill(ones, 1);
          values.put(e, ones);
        } else {
          values.put(e, in32Bits(singles.computed(e)));
        }
        singles.put(e, values.get(e));
      }
    }

    private static double[] in32Bits(double[] values) {
      return Arrays.stream(values).map(v -> (float) v).toArray();
    }

    private double value(Expression e, int c) {
      return values.get(e)[e.kind().channels() ? c : 0];
    }

    Optional<Fault> of(Expression root, boolean isDerivative) {
      for (int c = 0; c < (root.kind().channels() ? channels : 1); c++) {
        if (!Double.isFinite(value(root, c))) return Optional.of(cause(root, c, isDerivative));
      }
      return Optional.empty();
    }

    /** Follows a value that is not finite to where it comes from. */
    private Fault cause(Expression e, int channel, boolean isDerivative) {
      if (e.operation().reducesChannels()) {
        Expression a = e.argument(0);
        for (int c = 0; c < channels; c++) {
          boolean counts = !e.is(Operation.SELECT) || c == (int) e.number();
          if (counts && !Double.isFinite(value(a, c))) return cause(a, c, isDerivative);
        }
      }
      List<Expression> used = e.arguments();
      if (e.is(Operation.WHERE)) {
        used = List.of(e.argument(0), e.argument(value(e.argument(0), channel) != 0 ? 1 : 2));
      }
      for (Expression a : used) {
        if (!Double.isFinite(value(a, channel))) return cause(a, channel, isDerivative);
      }
      return new Fault(
          e.operation(), used.stream().map(a -> value(a, channel)).toList(), isDerivative);
    }
  }
}
