package sc.fiji.spyhop.generate.style;

/** Keeps pixels where they can be shown: the mean of the squared distances from 0 to 1. */
final class Range {

  private Range() {}

  /**
   * The mean, whose gradient is added.
   *
   * @param weight by which the gradient is multiplied
   * @param gradient to which it is added
   */
  static double add(float[] values, double weight, float[] gradient) {
    float factor = (float) (2 * weight / values.length);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      float beyond = values[i] - Math.max(0, Math.min(1, values[i]));
      if (beyond == 0) continue;
      sum += (double) beyond * beyond;
      gradient[i] += factor * beyond;
    }
    return sum / values.length;
  }
}
