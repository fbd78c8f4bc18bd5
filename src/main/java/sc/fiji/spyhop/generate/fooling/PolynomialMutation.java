package sc.fiji.spyhop.generate.fooling;

/** Polynomial mutation of real numbers within bounds (Deb and Agrawal 1995; Deb 2001). */
final class PolynomialMutation {

  private PolynomialMutation() {}

  /**
   * Moves a value: by {@code delta (high - low)}, delta being {@code (2u)^(1/(eta+1)) - 1} below
   * the middle and {@code 1 - (2(1-u))^(1/(eta+1))} above it. What would leave the bounds stays at
   * them.
   *
   * @param eta distribution index, at least 0: the larger, the smaller the steps
   * @param u drawn evenly from [0, 1)
   */
  static double of(double value, double low, double high, double eta, double u) {
    double power = 1 / (eta + 1);
    double delta =
        u < 0.5 ? StrictMath.pow(2 * u, power) - 1 : 1 - StrictMath.pow(2 * (1 - u), power);
    return Math.max(low, Math.min(high, value + delta * (high - low)));
  }
}
