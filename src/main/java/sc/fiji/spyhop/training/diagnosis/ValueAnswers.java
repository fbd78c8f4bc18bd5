package sc.fiji.spyhop.training.diagnosis;

/**
 * Answers that are numbers, all channels taken together.
 *
 * @param squaredError mean of the squared difference from the truth
 * @param variance mean over channels of the variance of the truth: the squared error of always
 *     saying the mean
 */
public record ValueAnswers(
    String layer, long positions, double squaredError, double variance, double spread)
    implements Answers {

  /** The coefficient of determination. */
  @Override
  public double skill() {
    return variance > 0 ? 1 - squaredError / variance : Double.NaN;
  }
}
