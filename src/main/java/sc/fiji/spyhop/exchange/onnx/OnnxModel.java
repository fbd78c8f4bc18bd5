package sc.fiji.spyhop.exchange.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A whole model to be written.
 *
 * @param frame all but the weights
 * @param weights further initializers of the graph by their names; shared, not copied
 */
public record OnnxModel(ModelProto frame, Map<String, Tensor> weights) {

  public OnnxModel {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }
}
