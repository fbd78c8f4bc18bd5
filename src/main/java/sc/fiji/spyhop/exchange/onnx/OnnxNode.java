package sc.fiji.spyhop.exchange.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation: {@code NodeProto}.
 *
 * @param name may be empty
 * @param domain of the operator set, {@code ""} for ONNX's own
 * @param op type of operation, such as {@code Conv}
 * @param inputs names of values; {@code ""} where an optional one is left out
 * @param outputs names of values
 * @param attributes by name
 */
public record OnnxNode(
    String name,
    String domain,
    String op,
    List<String> inputs,
    List<String> outputs,
    Map<String, OnnxAttribute> attributes) {

  public OnnxNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }
}
