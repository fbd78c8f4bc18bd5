package sc.fiji.spyhop.generate.style;

/**
 * Adam (Kingma and Ba 2015): steps of about equal length for all values, by running means of the
 * gradient and of its square.
 *
 * @param rate length of a step, in units of the values; above 0
 */
record Adam(double rate) implements Minimizer {

  private static final double MEAN = 0.9;
  private static final double SQUARE = 0.999;
  private static final double EPSILON = 1e-8;

  @Override
  public int minimize(float[] values, Objective objective, int steps, Watch watch) {
    float[] gradient = new float[values.length];
    float[] mean = new float[values.length];
    float[] square = new float[values.length];
    objective.at(values, gradient);
    for (int step = 1; step <= steps; step++) {
      double size = rate / (1 - Math.pow(MEAN, step));
      double spread = 1 / (1 - Math.pow(SQUARE, step));
      for (int i = 0; i < values.length; i++) {
        float g = gradient[i];
        mean[i] = (float) (MEAN * mean[i] + (1 - MEAN) * g);
        square[i] = (float) (SQUARE * square[i] + (1 - SQUARE) * g * g);
        values[i] -= (float) (size * mean[i] / (Math.sqrt(spread * square[i]) + EPSILON));
      }
      double number = objective.at(values, gradient);
      if (!watch.seen(step, number, values)) return step;
    }
    return steps;
  }
}
