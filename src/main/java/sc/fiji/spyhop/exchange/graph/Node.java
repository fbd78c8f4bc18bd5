package sc.fiji.spyhop.exchange.graph;

import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A layer with its parameters.
 *
 * @param parameters by what follows the layer's name, such as {@code weight}
 * @param affine present if the layer does nothing but this
 */
record Node(Layer layer, Map<String, Tensor> parameters, Optional<ScaleAndShift> affine) {

  Node with(ScaleAndShift newAffine) {
    return new Node(layer, parameters, Optional.of(newAffine));
  }
}
