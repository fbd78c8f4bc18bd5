package sc.fiji.spyhop.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Named tensors, in order. Names are those of {@link sc.fiji.spyhop.network.Parameter}.
 *
 * @param tensors unmodifiable; iteration order is kept
 */
public record Weights(Map<String, Tensor> tensors) {

  public Weights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * One tensor by name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(String name) {
    Tensor t = tensors.get(name);
    if (t == null) throw new IllegalArgumentException("weights: no tensor named " + name);
    return t;
  }
}
