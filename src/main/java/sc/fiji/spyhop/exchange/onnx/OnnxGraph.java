package sc.fiji.spyhop.exchange.onnx;

import java.util.List;

/**
 * What is computed: {@code GraphProto}.
 *
 * @param nodes each after those that feed it
 * @param initializers constants, by the names under which nodes take them
 * @param inputs what has to be given; older files list the initializers here too
 * @param outputs what is asked for
 * @param values types and shapes of what lies between, as far as they are told
 */
public record OnnxGraph(
    String name,
    List<OnnxNode> nodes,
    List<OnnxTensor> initializers,
    List<OnnxValue> inputs,
    List<OnnxValue> outputs,
    List<OnnxValue> values) {

  public OnnxGraph {
    nodes = List.copyOf(nodes);
    initializers = List.copyOf(initializers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    values = List.copyOf(values);
  }
}
