package sc.fiji.spyhop.training.diagnosis;

/** What the network said about images whose truth is known, for one of its heads. */
public sealed interface Answers permits ClassAnswers, ValueAnswers {

  /** Layer whose activations were looked at. */
  String layer();

  /** Positions (samples, pixels) that were looked at. */
  long positions();

  /**
   * How much better than the best answer that can be given without looking at the image (the most
   * frequent class, the mean): 1 if all is right, 0 if no better, negative if worse; NaN if the
   * truth is the same everywhere, so that nothing can be said.
   */
  double skill();

  /**
   * How much answers vary from position to position: standard deviation of the probability of the
   * class that varies most, or of values in units of the standard deviation of the truth.
   */
  double spread();
}
