package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.OperatorSetIdProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.exchange.onnx.proto.TensorShapeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorShapeProto.Dimension;
import sc.fiji.spyhop.exchange.onnx.proto.TypeProto;
import sc.fiji.spyhop.exchange.onnx.proto.ValueInfoProto;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.weights.Weights;

/**
 * Networks as ONNX models for prediction: dropout is left out, and batch norm is folded into the
 * layer before it where nothing else sees that layer's output. Inputs and outputs keep their names;
 * the batch size, and spatial sizes the network leaves open, are open. Weights are shared with the
 * model, not copied, unless folded.
 */
public final class OnnxExport {

  /** Version of ONNX's own operators; runtimes since 2021 have it. */
  public static final long OPSET = 15;

  /** Version of the format that goes with {@link #OPSET}. */
  public static final long IR_VERSION = 8;

  private OnnxExport() {}

  /**
   * The whole network.
   *
   * @throws SpyhopException if layers do not fit each other or the weights do not fit them
   */
  public static OnnxModel of(Network network, Weights weights) {
    return of(network, weights, Quantization.NONE);
  }

  /** The same, some of it in eight bits: between QuantizeLinear and DequantizeLinear. */
  public static OnnxModel of(Network network, Weights weights, Quantization quantization) {
    return of(network, weights, quantization, network.outputs());
  }

  /**
   * What it takes to compute some layers.
   *
   * @param layers whose activations are the model's outputs, in order
   * @throws SpyhopException also if there is no such layer
   */
  public static OnnxModel of(
      Network network, Weights weights, Quantization quantization, Collection<String> layers) {
    Map<String, Shape> shapes = Shapes.of(network);
    Set<String> outputs = new HashSet<>();
    for (String layer : layers) outputs.add(network.layer(layer).name());
    List<Layer> needed = needed(network, outputs);
    Map<String, Integer> readers = new LinkedHashMap<>();
    for (Layer layer : needed) layer.inputs().forEach(i -> readers.merge(i, 1, Integer::sum));

    Map<Layer, BatchNorm> norms = new HashMap<>();
    for (int i = 0; i < needed.size(); i++) {
      if (!(needed.get(i) instanceof Weighted layer)) continue;
      onlyReader(layer, needed.subList(i + 1, needed.size()), readers, outputs)
          .ifPresent(norm -> norms.put(layer, norm));
    }
    OnnxNodes nodes =
        new OnnxNodes(
            network, weights.fittedTo(network), quantization.fittedTo(network), norms, outputs);
    needed.forEach(nodes::add);
    GraphProto.Builder graph = GraphProto.newBuilder().setName("network");
    graph.addAllNode(nodes.nodes()).addAllInitializer(nodes.constants());
    network.inputs().forEach(i -> graph.addInput(value(i.name(), i.shape(), i.name() + "_")));
    layers.forEach(l -> graph.addOutput(value(l, shapes.get(l), "")));
    ModelProto frame =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("Spyhop")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph)
            .build();
    return new OnnxModel(frame, nodes.weights());
  }

  private static List<Layer> needed(Network network, Set<String> outputs) {
    Set<String> wanted = new HashSet<>(outputs);
    List<Layer> needed = new ArrayList<>();
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      if (!wanted.contains(layer.name())) continue;
      wanted.addAll(layer.inputs());
      needed.add(0, layer);
    }
    return needed;
  }

  /** The batch norm that alone reads a layer, dropout in between aside. */
  private static Optional<BatchNorm> onlyReader(
      Layer layer, List<Layer> later, Map<String, Integer> readers, Set<String> outputs) {
    String name = layer.name();
    for (Layer next : later) {
      if (outputs.contains(name) || readers.getOrDefault(name, 0) != 1) return Optional.empty();
      if (!next.inputs().contains(name)) continue;
      if (next instanceof BatchNorm norm) return Optional.of(norm);
      if (!doesNothing(next)) return Optional.empty();
      name = next.name();
    }
    return Optional.empty();
  }

  /** Whether it passes on what it receives, in prediction. */
  private static boolean doesNothing(Layer layer) {
    return layer instanceof Dropout
        || layer instanceof Activation a && a.function() == Layer.Function.IDENTITY;
  }

  /**
   * @param prefix of the names of open sizes; empty if they have none
   */
  private static ValueInfoProto value(String name, Shape shape, String prefix) {
    String[] axes = {"depth", "height", "width"};
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
    sizes.addDimBuilder().setDimParam("batch");
    sizes.addDimBuilder().setDimValue(shape.channels());
    for (int i = 0; i < shape.rank(); i++) {
      int size = shape.space().get(i);
      int axis = i + axes.length - shape.rank();
      Dimension.Builder dimension = sizes.addDimBuilder();
      if (size != Shape.ANY) dimension.setDimValue(size);
      else if (!prefix.isEmpty())
        dimension.setDimParam(prefix + (axis < 0 ? "size" + i : axes[axis]));
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE).setShape(sizes);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
