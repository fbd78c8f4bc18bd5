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

  /** Key under which Spyhop keeps what else there is to know of a model. */
  static final String RECORD = "spyhop.record";

  /** Copies the map, whose order is kept. */
  public OnnxModel {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /** The same with a description of the model that it is the network of, as JSON. */
  public OnnxModel withRecord(String record) {
    ModelProto.Builder more = frame.toBuilder();
    more.addMetadataPropsBuilder().setKey(RECORD).setValue(record);
    return new OnnxModel(more.build(), weights);
  }
}
