package sc.fiji.spyhop.engine;

import java.util.Optional;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * What a layer should have said for a minibatch.
 *
 * @param values what the {@link Loss} asks for
 * @param weights how much each position counts, [N, 1, space...] or [N, 1], not negative; 0 ignores
 *     it; absent: all count 1
 */
public record Target(Tensor values, Optional<Tensor> weights) {

  /**
   * All positions count 1.
   *
   * @param values what the loss asks for, for each position of the layer
   */
  public static Target of(Tensor values) {
    return new Target(values, Optional.empty());
  }

  /**
   * Positions count as the weights say, [N, 1, space...] or [N, 1]; those of 0 are ignored.
   *
   * @param values what the loss asks for, for each position of the layer
   * @param weights how much each position counts, not negative
   */
  public static Target of(Tensor values, Tensor weights) {
    return new Target(values, Optional.of(weights));
  }
}
