package sc.fiji.spyhop.exchange.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.ImportProblems;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.NoLayerException;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.OperatorSetIdProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.ValueInfoProto;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings networks in the ONNX format over into our layers: those that classify, segment, or detect,
 * made of convolutions. What follows the convolutions of a detector (reshaping, anchors, choosing
 * boxes) is cut off, and the convolutions become the outputs. Follows the <a
 * href="https://github.com/onnx/onnx/blob/main/docs/Operators.md">operator specification</a> up to
 * opset 23; the batch is taken to be 1 wherever a graph computes with it.
 */
public final class OnnxImport {

  /** Version of the operators that are known. */
  private static final long MAX_OPSET = 23;

  private final GraphProto graph;
  private final List<NodeProto> nodes;
  private final GraphBuilder builder = new GraphBuilder();
  private final ImportProblems problems = new ImportProblems();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** Values that nothing reads, of which others are given, from which they follow. */
  private final Set<String> others = new HashSet<>();

  /** By the name of a value, the types of the nodes that read it. */
  private final Map<String, Set<String>> readers = new HashMap<>();

  private final Operators operators;
  private final Optional<String> kept;

  private OnnxImport(ModelProto model, Optional<String> kept) {
    this.graph = model.getGraph();
    this.kept = kept;
    this.nodes = NodeOrder.of(graph);
    nodes.forEach(
        n ->
            n.getInputList()
                .forEach(i -> readers.computeIfAbsent(i, v -> new HashSet<>()).add(n.getOpType())));
    long opset = 1;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (isOwn(set.getDomain())) opset = set.getVersion();
    }
    if (opset < 1 || opset > MAX_OPSET) {
      throw new SpyhopException(
          Strings.format(
              "expected operators of version (opset) 1 to %d, received %d. Export the network with an opset up to %d.",
              MAX_OPSET, opset, MAX_OPSET));
    }
    long stored = 0;
    for (TensorProto t : graph.getInitializerList()) stored += Stored.count(t);
    this.operators = new Operators(builder, opset, stored, notes, readers);
  }

  /** Whether a domain is that of ONNX's own operators. */
  static boolean isOwn(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /**
   * Reads and brings over a network.
   *
   * @param size height and width of the images it will be given, where the network leaves them open
   * @throws SpyhopException if the file is not sound, or uses what no layer of ours does; all of
   *     that is named
   */
  public static Imported read(Path file, Optional<List<Integer>> size) {
    return read(file, size, Optional.empty());
  }

  /**
   * The same up to one output.
   *
   * @param kept name of the only output that is wanted; empty: all of them
   * @throws SpyhopException also if there is no such output
   */
  public static Imported read(Path file, Optional<List<Integer>> size, Optional<String> kept) {
    try {
      return new OnnxImport(OnnxReader.read(file), kept).run(size);
    } catch (SpyhopException e) {
      String message = e.getMessage();
      String name = file.toString();
      throw message.startsWith(name) ? e : NoLayerException.named(name, e);
    }
  }

  private Imported run(Optional<List<Integer>> size) {
    Set<String> constants = new HashSet<>();
    for (TensorProto t : graph.getInitializerList()) {
      constants.add(t.getName());
      values.put(t.getName(), new Known(Constant.of(t)));
    }
    for (ValueInfoProto input : graph.getInputList()) {
      if (!constants.contains(input.getName())) {
        values.put(input.getName(), new Value.Mapped(input(input, size)));
      }
    }
    Set<String> used = used();
    for (NodeProto node : nodes) {
      if (node.getOutputList().stream().anyMatch(used::contains)) run(node);
    }
    problems.check("ONNX");
    Value.Ends ends = outputs();
    values.keySet().removeAll(others);
    return builder.build(ends, notes, values);
  }

  /** Values that lead to an output. */
  private Set<String> used() {
    Set<String> used = new HashSet<>();
    graph.getOutputList().stream()
        .map(ValueInfoProto::getName)
        .filter(this::isKept)
        .forEach(used::add);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).getOutputList().stream().anyMatch(used::contains)) {
        used.addAll(nodes.get(i).getInputList());
      }
    }
    used.remove("");
    return used;
  }

  /** Whether an output is wanted; of a name that none has, none is left out. */
  private boolean isKept(String output) {
    return kept.isEmpty()
        || kept.get().equals(output)
        || graph.getOutputList().stream().noneMatch(o -> o.getName().equals(kept.get()));
  }

  private Feature input(ValueInfoProto input, Optional<List<Integer>> given) {
    List<Integer> sizes =
        input.getType().getTensorType().getShape().getDimList().stream()
            .map(d -> d.getDimValue() > 0 ? Math.toIntExact(d.getDimValue()) : Shape.ANY)
            .toList();
    if (sizes.size() == 2 && sizes.get(1) != Shape.ANY) {
      return builder.input(input.getName(), Shape.of(sizes.get(1)));
    }
    if (sizes.size() != 4) {
      throw new SpyhopException(
          Strings.format(
              "input %s: expected sample, channel, row and column, received the shape %s.",
              input.getName(), sizes));
    }
    boolean last = isTransposed(input.getName()) || isFew(sizes.get(3)) && !isFew(sizes.get(1));
    int channels = sizes.get(last ? 3 : 1);
    if (channels == Shape.ANY) {
      throw new SpyhopException(
          Strings.format(
              "input %s: its number of channels is left open. Export the network with a fixed one.",
              input.getName()));
    }
    int height = sizes.get(last ? 1 : 2);
    int width = sizes.get(last ? 2 : 3);
    if (given.isPresent()) {
      if (height == Shape.ANY) height = given.get().get(0);
      if (width == Shape.ANY) width = given.get().get(1);
    }
    return builder.input(input.getName(), Shape.of(channels, height, width)).seenChannelsLast(last);
  }

  /** Whether the first thing done to an input is to bring its channels to the front. */
  private boolean isTransposed(String name) {
    return graph.getNodeList().stream()
        .anyMatch(
            n ->
                n.getOpType().equals("Transpose")
                    && n.getInputList().equals(List.of(name))
                    && n.getAttributeList().stream().anyMatch(OnnxImport::isToFront));
  }

  private static boolean isToFront(AttributeProto a) {
    return a.getName().equals("perm") && a.getIntsList().equals(List.of(0L, 3L, 1L, 2L));
  }

  private static boolean isFew(int channels) {
    return channels >= 1 && channels <= 4;
  }

  private void run(NodeProto node) {
    List<Optional<Value>> inputs = new ArrayList<>();
    for (String name : node.getInputList()) {
      if (name.isEmpty()) {
        inputs.add(Optional.empty());
        continue;
      }
      Value value = values.get(name);
      if (value == null) {
        problems.add(where(node), node.getOpType(), "input " + name + ", which nothing gives");
        value = new Value.Failed();
      }
      inputs.add(Optional.of(value));
    }
    List<Value> results = results(node, inputs);
    for (int i = 0; i < node.getOutputCount(); i++) {
      // further outputs are of use in training only, or of what has failed or is cut
      Value first = results.get(0);
      boolean follows = first instanceof Value.Cut || first instanceof Value.Failed;
      Value rest = follows ? first : new Value.Failed();
      values.put(node.getOutput(i), i < results.size() ? results.get(i) : rest);
    }
  }

  private List<Value> results(NodeProto node, List<Optional<Value>> given) {
    List<Optional<Value>> inputs =
        Rearranged.OPERATORS.contains(node.getOpType())
            ? given
            : given.stream().map(v -> v.map(Rearranged::cut)).toList();
    List<Value> there = inputs.stream().flatMap(Optional::stream).toList();
    if (there.stream().anyMatch(v -> v instanceof Value.Failed)) {
      if (!operators.isKnown(node)) {
        problems.add(where(node), node.getOpType(), Unsupported.NO_COUNTERPART);
      }
      return List.of(new Value.Failed());
    }
    Optional<Value.Cut> cut =
        there.stream().filter(v -> v instanceof Value.Cut).map(v -> (Value.Cut) v).findFirst();
    if (cut.isPresent() && !operators.isWeighted(node)) {
      return List.of(cut.get().with(there));
    }
    try {
      if (cut.isPresent() && !operators.isKnown(node)) throw Unsupported.noCounterpart();
      if (cut.isPresent()) {
        problems.addBehind(where(node), node.getOpType(), type(cut.get().at()), cut.get());
        return List.of(new Value.Failed());
      }
      if (operators.isLeftOut(node)) leaveOut(node);
      return operators.outputs(node, inputs, where(node));
    } catch (Unsupported e) {
      if (e.isExcess()) {
        throw new SpyhopException(
            Strings.format(
                "%s (%s) %s. Such a file is not run.",
                node.getOpType(), where(node), e.getMessage()));
      }
      problems.add(where(node), node.getOpType(), e.getMessage());
      return List.of(new Value.Failed());
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      problems.add(where(node), node.getOpType(), "settings that make no sense");
      return List.of(new Value.Failed());
    } catch (SpyhopException e) {
      problems.add(
          where(node), node.getOpType(), e.getMessage().replaceFirst("^layer [^:]*: ", ""));
      return List.of(new Value.Failed());
    }
  }

  /** At the end of a network, what it is made of tells the same. */
  private void leaveOut(NodeProto node) {
    for (String output : node.getOutputList()) {
      if (readers.containsKey(output)) throw new Unsupported("which other operators compute with");
      others.add(output);
    }
  }

  /** Type of the node that messages call so. */
  private String type(String where) {
    return nodes.stream().filter(n -> where(n).equals(where)).findFirst().orElseThrow().getOpType();
  }

  static String where(NodeProto node) {
    return node.getName().isEmpty()
        ? "node that gives " + String.join(", ", node.getOutputList())
        : "node " + node.getName();
  }

  private Value.Ends outputs() {
    Map<String, Value> outputs = new LinkedHashMap<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      Value value = Moment.otherwise(values.getOrDefault(output.getName(), new Value.Failed()));
      if (value instanceof Moment || value instanceof Grouped) {
        NodeProto giver =
            nodes.stream()
                .filter(n -> n.getOutputList().contains(output.getName()))
                .findFirst()
                .orElseThrow();
        problems.add(where(giver), giver.getOpType(), DecomposedNormalization.NOT_COMPLETED);
      }
      outputs.put(output.getName(), Rearranged.cut(value));
    }
    problems.check("ONNX");
    return builder.ends(Value.kept(outputs, kept), notes);
  }
}
