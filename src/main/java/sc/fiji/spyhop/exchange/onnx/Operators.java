package sc.fiji.spyhop.exchange.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;

/** What each ONNX operator becomes. */
final class Operators {

  /** Operators with weights: what comes before them cannot be cut off. */
  private static final Set<String> WEIGHTED =
      Set.of(
          "Conv",
          "ConvTranspose",
          "Gemm",
          "MatMul",
          "BatchNormalization",
          "InstanceNormalization",
          "LayerNormalization",
          "GroupNormalization",
          "PRelu",
          "LSTM",
          "GRU");

  private static final Map<String, Operator> ALL = new HashMap<>();

  static {
    ALL.putAll(WeightedOperators.ALL);
    ALL.putAll(NormalizationOperators.ALL);
    ALL.putAll(ElementOperators.ALL);
    ALL.putAll(FunctionOperators.ALL);
    ALL.putAll(LogicOperators.ALL);
    ALL.putAll(ChannelOperators.ALL);
    ALL.putAll(PoolingOperators.ALL);
    ALL.putAll(ShapeOperators.ALL);
    ALL.putAll(SizeOperators.ALL);
    ALL.putAll(PartOperators.ALL);
    ALL.putAll(EndOperators.ALL);
  }

  /** Values of constants that may be calculated in any network. */
  private static final long ROOM = 1 << 24;

  private final GraphBuilder builder;
  private final long opset;
  private final List<String> notes;
  private final Map<String, Set<String>> readers;
  private long room;

  /**
   * @param stored values of constants in the file: what is calculated of them is bounded by that
   * @param readers by the name of a value, the types of all nodes that read it
   */
  Operators(
      GraphBuilder builder,
      long opset,
      long stored,
      List<String> notes,
      Map<String, Set<String>> readers) {
    this.room = ROOM + 4 * stored;
    this.builder = builder;
    this.opset = opset;
    this.notes = notes;
    this.readers = readers;
  }

  /** Whether a node is passed over: what comes before it tells the same, and more. */
  boolean isLeftOut(NodeProto node) {
    return node.getOpType().equals(EndOperators.LOG_SOFTMAX) || node.getOpType().equals("ArgMax");
  }

  boolean isWeighted(NodeProto node) {
    return WEIGHTED.contains(node.getOpType());
  }

  /** Whether there is a counterpart for nodes of a type, as far as the type tells. */
  boolean isKnown(NodeProto node) {
    String type = node.getOpType();
    return type.equals("Constant") || ALL.containsKey(type) || ConstantOperators.isKnown(type);
  }

  /** The outputs of a node that are of use, in order. */
  List<Value> outputs(NodeProto node, List<Optional<Value>> inputs, String where) {
    if (!OnnxImport.isOwn(node.getDomain())) {
      throw new Unsupported("operators of " + node.getDomain());
    }
    NodeCall call = new NodeCall(node, inputs, readBy(node), where, builder, opset, notes);
    if (node.getOpType().equals("Constant")) {
      return List.of(new Known(call.constantOfAttribute()));
    }
    if (node.getOpType().equals("Shape") && inputs.get(0).orElse(null) instanceof Value.Mapped m) {
      return List.of(new Known(call.shape(m.feature().dimensions())));
    }
    boolean known =
        !inputs.isEmpty()
            && inputs.stream().flatMap(Optional::stream).allMatch(v -> v instanceof Known);
    if (known) {
      Constant made = ConstantOperators.apply(call);
      room -= made.length();
      if (room < 0) throw new Unsupported("constants larger than the network itself");
      return List.of(new Known(made));
    }
    Optional<Value> normalization = DecomposedNormalization.of(call);
    if (normalization.isEmpty()) {
      return StridedCopy.of(call).map(List::of).orElseGet(() -> ordinary(call));
    }
    return normalization.get() instanceof Moment m
        ? List.of(m.computedAs(onItsOwn(call)))
        : List.of(normalization.get());
  }

  private static List<Value> ordinary(NodeCall call) {
    Operator operator = ALL.get(call.node.getOpType());
    if (operator == null) throw Unsupported.noCounterpart();
    return operator.outputs(call);
  }

  /** What an operator makes where it is no part of anything. */
  private static Optional<Feature> onItsOwn(NodeCall call) {
    try {
      return ordinary(call).get(0) instanceof Value.Mapped m
          ? Optional.of(m.feature())
          : Optional.empty();
    } catch (Unsupported e) {
      return Optional.empty();
    }
  }

  private Set<String> readBy(NodeProto node) {
    return node.getOutputCount() == 0
        ? Set.of()
        : readers.getOrDefault(node.getOutput(0), Set.of());
  }
}
