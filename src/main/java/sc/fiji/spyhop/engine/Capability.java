package sc.fiji.spyhop.engine;

/** What an {@link Engine} can do with a network. */
public enum Capability {
  /** {@link Predictor#activations}. */
  PREDICTION,
  /** The same of a network that is quantised. */
  EIGHT_BITS,
  /** {@link Engine#runner}. */
  FILES,
  /** {@link Predictor#gradient}. */
  GRADIENTS,
  /** {@link Engine#trainer}. */
  TRAINING
}
