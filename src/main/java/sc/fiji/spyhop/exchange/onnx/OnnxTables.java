package sc.fiji.spyhop.exchange.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.ValueInfoProto;

/**
 * What a detector of another program does behind its convolutions: maps are permuted, reshaped and
 * joined to tables of candidates. Our layers do not do that; an ONNX file of the layers and of
 * these operators does, and is kept as it is.
 */
public final class OnnxTables {

  /** A value that one of these operators gives. */
  public record Table(String name) implements Value {}

  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> constants = new ArrayList<>();

  /** Layers whose maps are read. */
  private final Map<String, String> maps = new LinkedHashMap<>();

  /** Axes in another order. */
  public Table permuted(Value in, List<Integer> order) {
    return node("Transpose", List.of(operand(in)), Attribute.ints("perm", order));
  }

  /**
   * Another shape.
   *
   * @param sizes 0: as before; -1: what is left
   */
  public Table reshaped(Value in, List<Integer> sizes) {
    String name = "sizes " + constants.size();
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(sizes.size());
    sizes.forEach(tensor::addInt64Data);
    constants.add(tensor.build());
    return node("Reshape", List.of(operand(in), name));
  }

  /** Some values one behind the other along an axis, counted as ONNX does. */
  public Table joined(List<Value> in, int axis) {
    return node("Concat", in.stream().map(this::operand).toList(), Attribute.number("axis", axis));
  }

  /** Softmax along an axis, counted as ONNX does. */
  public Table softmax(Value in, int axis) {
    return node("Softmax", List.of(operand(in)), Attribute.number("axis", axis));
  }

  private Table node(String type, List<String> inputs, AttributeProto... settings) {
    String name = "table " + nodes.size();
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(type)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(name)
            .addAllAttribute(List.of(settings))
            .build());
    return new Table(name);
  }

  /** Maps as the other program sees them. */
  private String operand(Value value) {
    if (value instanceof Table t) return t.name();
    Feature feature = ((Value.Mapped) value).feature();
    Feature map = feature.rows().orElse(feature);
    String name = maps.computeIfAbsent(map.layer(), layer -> "map " + maps.size());
    if (map.channelsLast()) {
      name = node("Transpose", List.of(name), Attribute.ints("perm", List.of(0, 2, 3, 1))).name();
    }
    return feature.rows().isEmpty() ? name : reshaped(new Table(name), List.of(0, -1)).name();
  }

  /** The layers that are to be the outputs of the network behind which this stands. */
  public List<String> layers() {
    return List.copyOf(maps.keySet());
  }

  /**
   * The whole file.
   *
   * @param network whose outputs are {@link #layers}, in that order
   * @param outputs by name
   */
  public byte[] file(Imported network, Map<String, Table> outputs) {
    OnnxModel model = OnnxExport.of(network.network(), network.weights());
    GraphProto.Builder graph = model.frame().getGraph().toBuilder().clearOutput();
    List<String> named = List.copyOf(maps.values());
    for (int i = 0; i < named.size(); i++) {
      graph.addNode(renamed(network.network().outputs().get(i), named.get(i)));
    }
    graph.addAllNode(nodes).addAllInitializer(constants);
    outputs.forEach(
        (name, table) -> {
          graph.addNode(renamed(table.name(), "output " + name));
          graph.addOutput(ValueInfoProto.newBuilder().setName("output " + name));
        });
    ModelProto frame = model.frame().toBuilder().setGraph(graph).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      OnnxWriter.write(new OnnxModel(frame, model.weights()), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static NodeProto renamed(String from, String to) {
    return NodeProto.newBuilder()
        .setOpType("Identity")
        .setName(to)
        .addInput(from)
        .addOutput(to)
        .build();
  }
}
