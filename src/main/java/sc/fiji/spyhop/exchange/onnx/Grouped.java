package sc.fiji.spyhop.exchange.onnx;

import java.util.Optional;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Value;

/**
 * A map whose channels were put into groups, each a sequence of values, as PyTorch does to have
 * groups normalized by an operator that normalizes channels; see {@link DecomposedNormalization}.
 *
 * @param map as it was before
 * @param normalization of the groups, once that has been done
 */
record Grouped(Feature map, int groups, Optional<Normalization> normalization) implements Value {

  /**
   * Of each group by itself.
   *
   * @param name of the node
   * @param scale one for each group
   * @param shift one for each group
   */
  record Normalization(String name, float[] scale, float[] shift, double epsilon) {}

  Grouped normalized(Normalization how) {
    return new Grouped(map, groups, Optional.of(how));
  }
}
