package sc.fiji.spyhop.expression;

/** Element-wise operations on single numbers. */
final class Scalars {

  private Scalars() {}

  /** Applies an element-wise operation to as many of the numbers as it has arguments. */
  static double apply(Operation operation, double a, double b, double c) {
    return switch (operation) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case POWER -> Math.pow(a, b);
      case MINIMUM -> Math.min(a, b);
      case MAXIMUM -> Math.max(a, b);
      case LESS -> truth(a < b);
      case LESS_OR_EQUAL -> truth(a <= b);
      case EQUAL -> truth(a == b);
      case AND -> truth(a != 0 && b != 0);
      case OR -> truth(a != 0 || b != 0);
      case NEGATE -> -a;
      case NOT -> truth(a == 0);
      case EXP -> Math.exp(a);
      case LOG -> Math.log(a);
      case SQRT -> Math.sqrt(a);
      case ABS -> Math.abs(a);
      case SIGN -> Math.signum(a);
      case SIGMOID -> sigmoid(a);
      case TANH -> Math.tanh(a);
      case SOFTPLUS -> Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
      case ERF -> erf(a);
      case SIN -> Math.sin(a);
      case COS -> Math.cos(a);
      case FLOOR -> Math.floor(a);
      case WHERE -> a != 0 ? b : c;
      default -> throw new AssertionError(operation);
    };
  }

  private static double truth(boolean value) {
    return value ? 1 : 0;
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  /** By its power series near 0, and further out by the continued fraction of its complement. */
  static double erf(double x) {
    double size = Math.abs(x);
    if (Double.isNaN(x) || size > 6) return Double.isNaN(x) ? x : Math.signum(x);
    if (size < 2) {
      double term = x;
      double sum = x;
      for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return 2 / Math.sqrt(Math.PI) * sum;
    }
    double fraction = size;
    for (int n = 60; n > 0; n--) fraction = size + n / 2.0 / fraction;
    return Math.signum(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / fraction);
  }
}
