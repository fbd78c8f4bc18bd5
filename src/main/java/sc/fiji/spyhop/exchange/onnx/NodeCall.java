package sc.fiji.spyhop.exchange.onnx;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.expression.FormulaText;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/** One node with its inputs. */
final class NodeCall {

  final NodeProto node;
  final Attributes settings;
  final GraphBuilder builder;
  final long opset;
  final List<String> notes;

  /** The node, for messages. */
  final String where;

  /** Types of the nodes that read its first output. */
  final Set<String> readBy;

  private final List<Optional<Value>> inputs;

  /**
   * @param notes what is to be said of the import
   */
  NodeCall(
      NodeProto node,
      List<Optional<Value>> inputs,
      Set<String> readBy,
      String where,
      GraphBuilder builder,
      long opset,
      List<String> notes) {
    this.node = node;
    this.settings = new Attributes(node);
    this.inputs = inputs;
    this.readBy = readBy;
    this.where = where;
    this.builder = builder;
    this.opset = opset;
    this.notes = notes;
  }

  int inputs() {
    return inputs.size();
  }

  boolean has(int i) {
    return i < inputs.size() && inputs.get(i).isPresent();
  }

  Constant constant(int i) {
    if (has(i) && inputs.get(i).get() instanceof Known k) return k.constant();
    throw new Unsupported(
        has(i)
            ? "input " + (i + 1) + " that depends on the image"
            : "input " + (i + 1) + " is missing");
  }

  Optional<Constant> optional(int i) {
    return has(i) ? Optional.of(constant(i)) : Optional.empty();
  }

  boolean isConstant(int i) {
    return has(i) && inputs.get(i).get() instanceof Known;
  }

  Feature feature(int i) {
    if (has(i) && Moment.otherwise(inputs.get(i).get()) instanceof Value.Mapped m) {
      return m.feature();
    }
    throw new Unsupported(
        has(i) ? "a constant as input " + (i + 1) : "input " + (i + 1) + " is missing");
  }

  /** The first input as a value on its way to a map: as it is, or a map put on that way. */
  Rearranged rearranged() {
    if (inputs.get(0).orElse(null) instanceof Rearranged r) return r;
    Feature map = builder.plain(feature(0));
    Value.Cut way = Value.Cut.behind(List.of(mapped(map)), where, Unsupported.RESHAPING);
    return Rearranged.of(map, way);
  }

  /** Sizes of an input, as the file sees them. */
  List<Integer> dimensions(int i) {
    return has(i) && inputs.get(i).get() instanceof Rearranged r
        ? r.dimensions()
        : feature(i).dimensions();
  }

  boolean isRearranged() {
    return has(0) && inputs.get(0).get() instanceof Rearranged;
  }

  /** What feeds it, if that is the output of a layer. */
  Optional<Feature> mapped(int i) {
    return given(i, Value.Mapped.class).map(Value.Mapped::feature);
  }

  /** What feeds it, if that is part of a normalization. */
  Optional<Moment> moment(int i) {
    return given(i, Moment.class);
  }

  /** What feeds it, if that is a map whose channels are in groups. */
  Optional<Grouped> grouped(int i) {
    return given(i, Grouped.class);
  }

  /** What feeds it, if that is of a kind. */
  <V extends Value> Optional<V> given(int i, Class<V> kind) {
    return has(i) ? inputs.get(i).filter(kind::isInstance).map(kind::cast) : Optional.empty();
  }

  List<Feature> features() {
    return IntStream.range(0, inputs.size()).mapToObj(this::feature).toList();
  }

  /** Of the weights if they have a name, as PyTorch's export gives it; else of the node. */
  String name() {
    if (inputs.size() > 1 && isConstant(1)) {
      String weight = constant(1).name();
      for (String part : List.of(".weight", ".kernel", "/kernel")) {
        if (weight.endsWith(part) && weight.length() > part.length()) {
          return weight.substring(0, weight.length() - part.length());
        }
      }
    }
    return node.getName().isEmpty() ? node.getOutput(0) : node.getName();
  }

  Constant constantOfAttribute() {
    if (settings.has("value_int")) {
      return Constant.of(List.of(), settings.number("value_int", 0));
    }
    if (settings.has("value_float")) {
      return Constant.of(List.of(), new float[] {(float) settings.real("value_float", 0)});
    }
    if (settings.has("value_ints")) {
      return Constant.ofList(settings.longs("value_ints").orElseThrow());
    }
    return settings
        .tensor("value")
        .map(Constant::of)
        .orElseThrow(() -> new Unsupported("a constant that is not a number"));
  }

  Constant shape(List<Integer> sizes) {
    int start = settings.number("start", 0);
    int end = settings.number("end", sizes.size());
    if (start < 0) start += sizes.size();
    if (end < 0) end += sizes.size();
    return Constant.ofList(
        sizes.subList(Math.max(0, start), Math.min(sizes.size(), end)).stream()
            .map(size -> size == Shape.ANY ? Constant.OPEN : Long.valueOf(size))
            .toList());
  }

  Value mapped(Feature feature) {
    return new Value.Mapped(feature);
  }

  Value.Cut cut(String reason) {
    return Value.Cut.behind(inputs.stream().flatMap(Optional::stream).toList(), where, reason);
  }

  Feature channelsFirst(Feature f) {
    if (f.channelsLast() && f.shape().rank() > 0) {
      throw new Unsupported("a map with channels last");
    }
    return f;
  }

  Value activation(Function function) {
    return mapped(builder.activation(name(), feature(0), function));
  }

  /** A formula of all inputs that are no constants. */
  Value formula(String text) {
    List<Feature> in =
        IntStream.range(0, inputs()).filter(i -> !isConstant(i)).mapToObj(this::feature).toList();
    return mapped(builder.formula(name(), text, in));
  }

  /** How an input stands in a {@link #formula}: by its name, or as a number. */
  String term(int i) {
    if (!isConstant(i)) {
      int number = (int) IntStream.range(0, i).filter(k -> !isConstant(k)).count();
      if (number >= LayerFormula.INPUTS.size()) {
        throw new Unsupported("more than " + LayerFormula.INPUTS.size() + " inputs");
      }
      return LayerFormula.INPUTS.get(number);
    }
    Feature in =
        IntStream.range(0, inputs())
            .filter(k -> !isConstant(k))
            .mapToObj(this::feature)
            .max(Comparator.comparing(f -> f.shape().channels()))
            .orElseThrow();
    float[] values = perChannel(in, constant(i));
    if (values.length > 1) return channels(values);
    if (!Float.isFinite(values[0])) throw new Unsupported("the constant " + values[0]);
    return FormulaText.number(values[0]);
  }

  /** The numbers of channels, if that is what they are. */
  private static String channels(float[] values) {
    for (int c = 0; c < values.length; c++) {
      if (values[c] != c) throw new Unsupported("a constant for each channel");
    }
    return "channel";
  }

  Value affine(Feature in, float[] scale, float[] shift) {
    return mapped(builder.affine(name(), in, scale, shift));
  }

  /** Values of a constant by channel: one for each, or one for all. */
  float[] perChannel(Feature in, Constant c) {
    List<Integer> sizes = in.dimensions();
    int before = sizes.size() - c.shape().size();
    boolean byChannel = true;
    boolean fits = true;
    for (int i = 0; i < c.shape().size(); i++) {
      int size = c.shape().get(i);
      int axis = before + i;
      byChannel &= size == 1 || axis == in.channelAxis() && size == in.shape().channels();
      fits &= size == 1 || axis >= 0 && sizes.get(axis) == size;
    }
    if (byChannel) return c.floats();
    if (fits && c.isUniform()) return new float[] {c.floats()[0]};
    throw new Unsupported(
        Strings.format(
            "a constant of shape %s with %s, where one number is known, or one for each channel",
            c.shape(), sizes));
  }
}
