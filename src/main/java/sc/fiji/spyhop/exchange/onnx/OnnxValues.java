package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.StringStringEntryProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.exchange.onnx.proto.TensorShapeProto;
import sc.fiji.spyhop.exchange.onnx.proto.ValueInfoProto;

/** An ONNX file of which any value can be asked for, not only its outputs. */
public final class OnnxValues {

  /** From here on constants need not be listed among the inputs. */
  private static final long IR_OF_CONSTANTS = 4;

  private final ModelProto model;
  private final Map<String, NodeProto> givers = new HashMap<>();

  private OnnxValues(ModelProto model) {
    this.model = model;
    for (NodeProto node : model.getGraph().getNodeList()) {
      node.getOutputList().forEach(o -> givers.put(o, node));
    }
  }

  /**
   * Reads a file, which {@link OnnxImport} has read before.
   *
   * @throws SpyhopException if it is not sound; names the file
   */
  public static OnnxValues of(Path file) {
    return new OnnxValues(OnnxReader.read(file));
  }

  /** What Spyhop wrote of the model that it exported, if it did. */
  public Optional<String> record() {
    return model.getMetadataPropsList().stream()
        .filter(p -> p.getKey().equals(OnnxModel.RECORD))
        .map(StringStringEntryProto::getValue)
        .findFirst();
  }

  /** Whether something in it is computed with 16 bits. */
  public boolean isHalf() {
    GraphProto graph = model.getGraph();
    return graph.getInitializerList().stream().anyMatch(t -> isHalf(t.getDataType()))
        || graph.getInputList().stream()
            .anyMatch(i -> isHalf(i.getType().getTensorType().getElemType()))
        || graph.getNodeList().stream()
            .filter(n -> n.getOpType().equals("Cast"))
            .anyMatch(n -> isHalf(new Attributes(n).number("to", 0)));
  }

  private static boolean isHalf(int type) {
    return type == DataType.FLOAT16_VALUE || type == DataType.BFLOAT16_VALUE;
  }

  /** Where a value comes from, in words. */
  public String where(String value) {
    NodeProto node = givers.get(value);
    return node == null ? "input " + value : OnnxImport.where(node) + " (" + node.getOpType() + ")";
  }

  /**
   * A model that gives values of this one, in one piece, and does nothing else. The logarithm of a
   * softmax is left out, as {@link OnnxImport} does at the end of a network.
   *
   * @throws SpyhopException if it takes 2 GB or more
   */
  public byte[] giving(Collection<String> values) {
    GraphProto graph = model.getGraph();
    Set<String> needed = needed(graph, values);
    GraphProto.Builder part = GraphProto.newBuilder().setName(graph.getName());
    Set<String> constants = new HashSet<>();
    long bytes = 0;
    for (TensorProto t : graph.getInitializerList()) {
      constants.add(t.getName());
      if (!needed.contains(t.getName())) continue;
      part.addInitializer(inside(t));
      bytes += t.getSerializedSize();
    }
    if (bytes > Integer.MAX_VALUE - (1 << 24)) {
      throw new SpyhopException("it takes 2 GB or more");
    }
    for (ValueInfoProto input : graph.getInputList()) {
      if (!constants.contains(input.getName())) part.addInput(ofAnyBatch(input));
    }
    for (NodeProto node : NodeOrder.of(graph)) {
      if (node.getOutputList().stream().noneMatch(needed::contains)) continue;
      boolean logarithm = node.getOpType().equals(EndOperators.LOG_SOFTMAX);
      part.addNode(logarithm ? node.toBuilder().setOpType("Softmax").build() : node);
    }
    values.forEach(v -> part.addOutputBuilder().setName(v));
    return model.toBuilder()
        .setGraph(part)
        .setIrVersion(Math.max(model.getIrVersion(), IR_OF_CONSTANTS))
        .build()
        .toByteArray();
  }

  private static Set<String> needed(GraphProto graph, Collection<String> values) {
    Set<String> needed = new HashSet<>(values);
    List<NodeProto> nodes = NodeOrder.of(graph);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).getOutputList().stream().anyMatch(needed::contains)) {
        needed.addAll(nodes.get(i).getInputList());
      }
    }
    return needed;
  }

  /** Without a word of the file from which the values were taken. */
  private static TensorProto inside(TensorProto tensor) {
    if (tensor.getExternalDataCount() == 0) return tensor;
    ByteString values = tensor.getRawData();
    return tensor.toBuilder().clearExternalData().clearDataLocation().setRawData(values).build();
  }

  private static ValueInfoProto ofAnyBatch(ValueInfoProto input) {
    ValueInfoProto.Builder open = input.toBuilder();
    TensorShapeProto.Builder shape = open.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    if (shape.getDimCount() > 0) shape.getDimBuilder(0).clear().setDimParam("batch");
    return open.build();
  }
}
