package sc.fiji.spyhop.generate.style;

/** Looks for values at which a number is small, by its gradient. */
interface Minimizer {

  /** What is to become small. */
  interface Objective {

    /**
     * The number.
     *
     * @param values where; not kept
     * @param gradient how it changes with each value; filled in
     */
    double at(float[] values, float[] gradient);
  }

  /** Is told of each step. */
  interface Watch {

    /**
     * After a step.
     *
     * @param step from 1
     * @param number at these values
     * @param values not to be changed, nor kept
     * @return whether to go on
     */
    boolean seen(int step, double number, float[] values);
  }

  /**
   * Changes values so that the number becomes smaller.
   *
   * @param values to begin with; hold the last ones afterwards
   * @param steps at most
   * @return steps made; fewer where no step makes it smaller, or the watch has had enough
   */
  int minimize(float[] values, Objective objective, int steps, Watch watch);
}
