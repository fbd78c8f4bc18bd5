package sc.fiji.spyhop.engine.graph;

/**
 * What a run is for.
 *
 * @param training dropout is on and batch norm looks at the batch
 * @param keeps a backward pass will follow
 * @param dropoutSeed of this run
 */
public record Mode(boolean training, boolean keeps, long dropoutSeed) {

  /** Activations only. */
  public static final Mode PREDICT = new Mode(false, false, 0);

  /** Activations and gradients of them, as in prediction. */
  public static final Mode EXPLAIN = new Mode(false, true, 0);

  /** A training step. */
  public static Mode train(long dropoutSeed) {
    return new Mode(true, true, dropoutSeed);
  }
}
