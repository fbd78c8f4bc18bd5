package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.network.Windows;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Gathers the nodes and constants of a graph, layer by layer. Each visit adds the nodes of a layer
 * and returns the name under which its output is found.
 */
final class OnnxNodes implements Layer.Visitor<String> {

  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> constants = new LinkedHashMap<>();
  private final Weights weights;

  /** Names taken by anything. */
  private final Set<String> names = new HashSet<>();

  /** Under which name what an input or layer gives is found. */
  private final Map<String, String> found = new HashMap<>();

  private final Map<String, Shape> shapes;
  private final Map<Layer, BatchNorm> norms;
  private final Set<String> outputs;

  /**
   * @param norms batch norms that layers take on
   * @param outputs layers that must be there under their own names
   */
  OnnxNodes(
      Network network, Weights weights, Map<Layer, BatchNorm> norms, Collection<String> outputs) {
    this.weights = weights;
    this.norms = Map.copyOf(norms);
    this.outputs = Set.copyOf(outputs);
    shapes = Shapes.of(network);
    network.inputs().forEach(i -> found.put(i.name(), i.name()));
    names.addAll(shapes.keySet());
  }

  List<OnnxNode> nodes() {
    return nodes;
  }

  List<OnnxTensor> constants() {
    return List.copyOf(constants.values());
  }

  /** Adds a layer; those that feed it are there already. */
  void add(Layer layer) {
    found.put(layer.name(), layer.accept(this));
  }

  private String in(Layer layer) {
    return found.get(layer.input());
  }

  private List<String> allIn(Layer layer) {
    return layer.inputs().stream().map(found::get).toList();
  }

  private Shape shape(Layer layer) {
    return shapes.get(layer.input());
  }

  @Override
  public String visit(Convolution l) {
    Map<String, OnnxAttribute> attributes = windows(l.kernel(), l.stride());
    attributes.put("dilations", ints(l.dilation()));
    if (l.groups() > 1) attributes.put("group", new OnnxAttribute.Int(l.groups()));
    boolean dilated = l.dilation().stream().anyMatch(d -> d > 1);
    String padded = pad(l, l.padding(), allOf(l.kernel(), l::windows), dilated, attributes);
    return weighted("Conv", l, padded, 0, attributes);
  }

  @Override
  public String visit(TransposedConvolution l) {
    Map<String, OnnxAttribute> attributes = windows(l.kernel(), l.stride());
    if (l.padding() instanceof Padding.Explicit e) {
      attributes.put("pads", ints(e.all()));
    } else if (l.padding() == Padding.SAME) {
      // as many at any size that is a multiple of the stride
      attributes.put("pads", pads(allOf(l.kernel(), l::windows), l.stride()));
    }
    return weighted("ConvTranspose", l, in(l), 1, attributes);
  }

  @Override
  public String visit(Dense l) {
    return weighted("Gemm", l, in(l), 0, Map.of("transB", new OnnxAttribute.Int(1)));
  }

  /**
   * A node with weight and bias. With a batch norm to take on it gives what that would, under its
   * name.
   *
   * @param channelAxis of the weight, along which output channels lie
   */
  private String weighted(
      String op, Weighted l, String in, int channelAxis, Map<String, OnnxAttribute> attributes) {
    List<Parameter> parameters = l.parameters();
    Tensor weight = weights.get(parameters.get(0).name());
    Optional<Tensor> bias = parameters.stream().skip(1).map(p -> weights.get(p.name())).findAny();
    BatchNorm norm = norms.get(l);
    if (norm != null) {
      ChannelScaling scaling = ChannelScaling.of(norm, weights);
      weight = scaling.scaledWeight(weight, channelAxis);
      bias = Optional.of(scaling.scaledBias(bias));
    }
    List<String> inputs = new ArrayList<>(List.of(in));
    inputs.add(constant(l.name() + ".weight", weight));
    bias.ifPresent(b -> inputs.add(constant(l.name() + ".bias", b)));
    return node(op, norm == null ? l.name() : norm.name(), inputs, attributes);
  }

  @Override
  public String visit(BatchNorm l) {
    if (norms.containsValue(l)) return l.name();
    List<String> inputs = new ArrayList<>(List.of(in(l)));
    for (Parameter p : l.parameters()) inputs.add(constant(p.name(), weights.get(p.name())));
    Map<String, OnnxAttribute> attributes =
        Map.of("epsilon", new OnnxAttribute.Real((float) l.epsilon()));
    return node("BatchNormalization", l.name(), inputs, attributes);
  }

  @Override
  public String visit(Dropout l) {
    return unchanged(l);
  }

  /** Of a layer that passes on what it receives. */
  private String unchanged(Layer l) {
    return outputs.contains(l.name())
        ? node("Identity", l.name(), List.of(in(l)), Map.of())
        : in(l);
  }

  @Override
  public String visit(Activation l) {
    return switch (l.function()) {
      case IDENTITY -> unchanged(l);
      case RELU -> function("Relu", l, Map.of());
      case TANH -> function("Tanh", l, Map.of());
      case SIGMOID -> function("Sigmoid", l, Map.of());
      case ELU -> function("Elu", l, Map.of());
      case HARD_SWISH -> function("HardSwish", l, Map.of());
      case LEAKY_RELU -> function("LeakyRelu", l, Map.of("alpha", new OnnxAttribute.Real(0.01f)));
      case SOFTMAX -> function("Softmax", l, Map.of("axis", new OnnxAttribute.Int(1)));
      case HARD_SIGMOID ->
          function("HardSigmoid", l, Map.of("alpha", new OnnxAttribute.Real(1 / 6f)));
      case RELU6 -> node("Clip", l.name(), List.of(in(l), number(0), number(6)), Map.of());
      case SWISH -> {
        String sigmoid = fresh(l.name() + "_sigmoid");
        node("Sigmoid", sigmoid, List.of(in(l)), Map.of());
        yield node("Mul", l.name(), List.of(in(l), sigmoid), Map.of());
      }
    };
  }

  private String function(String op, Activation l, Map<String, OnnxAttribute> attributes) {
    return node(op, l.name(), List.of(in(l)), attributes);
  }

  @Override
  public String visit(PRelu l) {
    // one slope for each channel, whatever the dimensions behind
    int rank = shape(l).rank();
    int[] slopes = new int[rank + 1];
    Arrays.fill(slopes, 1);
    slopes[0] = l.channels();
    Axes axes = new Axes("C" + "DHW".substring(3 - rank));
    Tensor slope = weights.get(l.parameters().get(0).name()).reshape(axes, slopes);
    return node("PRelu", l.name(), List.of(in(l), constant(l.name() + ".weight", slope)), Map.of());
  }

  @Override
  public String visit(Concat l) {
    return node("Concat", l.name(), allIn(l), Map.of("axis", new OnnxAttribute.Int(1)));
  }

  @Override
  public String visit(Add l) {
    return node(l.inputs().size() == 2 ? "Add" : "Sum", l.name(), allIn(l), Map.of());
  }

  /** Factors that are vectors get the dimensions that they lack. */
  @Override
  public String visit(Multiply l) {
    int rank = shape(l).rank();
    String product = in(l);
    for (int i = 1; i < l.inputs().size(); i++) {
      String factor = found.get(l.inputs().get(i));
      if (shapes.get(l.inputs().get(i)).rank() < rank) {
        long[] missing = new long[rank];
        for (int d = 0; d < rank; d++) missing[d] = d + 2;
        String vector = factor;
        factor = fresh(l.name() + "_factor");
        String axes = constant(l.name() + ".axes", missing);
        node("Unsqueeze", factor, List.of(vector, axes), Map.of());
      }
      String name = i == l.inputs().size() - 1 ? l.name() : fresh(l.name() + "_part");
      product = node("Mul", name, List.of(product, factor), Map.of());
    }
    return product;
  }

  @Override
  public String visit(Flatten l) {
    return flatten(l, in(l));
  }

  private String flatten(Layer l, String map) {
    return node("Flatten", l.name(), List.of(map), Map.of("axis", new OnnxAttribute.Int(1)));
  }

  @Override
  public String visit(GlobalPooling l) {
    String pooled = fresh(l.name() + "_map");
    boolean max = l.kind() == PoolingKind.MAX;
    node(max ? "GlobalMaxPool" : "GlobalAveragePool", pooled, List.of(in(l)), Map.of());
    return flatten(l, pooled);
  }

  @Override
  public String visit(Pooling l) {
    Map<String, OnnxAttribute> attributes = windows(l.kernel(), l.stride());
    String padded = pad(l, l.padding(), allOf(l.kernel(), l::windows), false, attributes);
    boolean max = l.kind() == PoolingKind.MAX;
    if (!max && l.countIncludePad()) {
      attributes.put("count_include_pad", new OnnxAttribute.Int(1));
    }
    if (l.ceilMode()) attributes.put("ceil_mode", new OnnxAttribute.Int(1));
    return node(max ? "MaxPool" : "AveragePool", l.name(), List.of(padded), attributes);
  }

  /** ONNX Runtime has it for planes alone, so that others are taken for such. */
  @Override
  public String visit(LocalResponseNorm l) {
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    attributes.put("size", new OnnxAttribute.Int(l.size()));
    attributes.put("alpha", new OnnxAttribute.Real((float) l.alpha()));
    attributes.put("beta", new OnnxAttribute.Real((float) l.beta()));
    attributes.put("bias", new OnnxAttribute.Real((float) l.k()));
    String in = in(l);
    if (shape(l).rank() == 2) return node("LRN", l.name(), List.of(in), attributes);
    String size = then("Shape", in);
    String plane = then("Reshape", in, constant(l.name() + ".plane", 0, 0, 1, -1));
    String normalized = fresh(l.name() + "_plane");
    node("LRN", normalized, List.of(plane), attributes);
    return node("Reshape", l.name(), List.of(normalized, size), Map.of());
  }

  @Override
  public String visit(Upsampling l) {
    boolean nearest = l.interpolation() == Interpolation.NEAREST;
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    attributes.put("mode", new OnnxAttribute.Text(nearest ? "nearest" : "linear"));
    attributes.put(
        "coordinate_transformation_mode",
        new OnnxAttribute.Text(nearest ? "asymmetric" : "half_pixel"));
    if (nearest) attributes.put("nearest_mode", new OnnxAttribute.Text("floor"));
    float[] scales = new float[l.factor().size() + 2];
    Arrays.fill(scales, 1);
    for (int i = 0; i < l.factor().size(); i++) scales[i + 2] = l.factor().get(i);
    String name = fresh(l.name() + ".scales");
    constants.put(
        name,
        new OnnxTensor(
            name, ElementType.FLOAT, List.of((long) scales.length), new OnnxTensor.Floats(scales)));
    return node("Resize", l.name(), List.of(in(l), "", name), attributes);
  }

  private static List<Windows> allOf(List<Integer> kernel, IntFunction<Windows> windows) {
    return IntStream.range(0, kernel.size()).mapToObj(windows).toList();
  }

  private static Map<String, OnnxAttribute> windows(List<Integer> kernel, List<Integer> stride) {
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    attributes.put("kernel_shape", ints(kernel));
    attributes.put("strides", ints(stride));
    return attributes;
  }

  /** Padding of windows over a map of some size, first before, then after. */
  private static OnnxAttribute pads(List<Windows> windows, List<Integer> sizes) {
    List<Long> before = new ArrayList<>();
    List<Long> after = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      Windows.Placed placed = windows.get(i).over(sizes.get(i));
      before.add((long) placed.before());
      after.add((long) Math.max(0, placed.beyond()));
    }
    return new OnnxAttribute.Ints(Stream.concat(before.stream(), after.stream()).toList());
  }

  /**
   * Says how the border is padded. How much a strided window needs depends on the size; where that
   * is open, {@code SAME_UPPER} leaves it to the runtime, which however cannot do so for dilated
   * windows: then nodes in front find out and pad.
   *
   * @return the name of the padded input
   */
  private String pad(
      Layer l,
      Padding padding,
      List<Windows> windows,
      boolean dilated,
      Map<String, OnnxAttribute> attributes) {
    if (padding instanceof Padding.Explicit e) attributes.put("pads", ints(e.all()));
    if (padding != Padding.SAME) return in(l);
    List<Integer> sizes = new ArrayList<>(shape(l).space());
    for (int i = 0; i < sizes.size(); i++) {
      if (sizes.get(i) != Shape.ANY) continue;
      if (windows.get(i).stride() > 1) {
        if (dilated) return padBySize(in(l), windows);
        attributes.put("auto_pad", new OnnxAttribute.Text("SAME_UPPER"));
        return in(l);
      }
      // as much at any size
      sizes.set(i, 1);
    }
    attributes.put("pads", pads(windows, sizes));
    return in(l);
  }

  /** {@code total = max(0, (ceil(size / stride) - 1) * stride + extent - size)}, in nodes. */
  private String padBySize(String in, List<Windows> windows) {
    String size = then("Shape", in);
    String step = constant(in + ".stride", withBatchAndChannel(windows, Windows::stride));
    String span = constant(in + ".extent", withBatchAndChannel(windows, Windows::extent));
    String one = constant(in + ".one", 1);
    String two = constant(in + ".two", 2);
    String none = constant(in + ".zero", 0);
    // floor((size - 1) / stride) = ceil(size / stride) - 1
    String last = then("Div", then("Sub", size, one), step);
    String end = then("Add", then("Mul", last, step), span);
    String total = then("Max", then("Sub", end, size), none);
    String before = then("Div", total, two);
    String pads = fresh(in + "_pads");
    node(
        "Concat",
        pads,
        List.of(before, then("Sub", total, before)),
        Map.of("axis", new OnnxAttribute.Int(0)));
    return then("Pad", in, pads);
  }

  private static long[] withBatchAndChannel(List<Windows> windows, ToLongFunction<Windows> value) {
    return LongStream.concat(LongStream.of(1, 1), windows.stream().mapToLong(value)).toArray();
  }

  private String constant(String wish, Tensor tensor) {
    String name = fresh(wish);
    List<Long> shape = Arrays.stream(tensor.shape()).mapToObj(s -> (long) s).toList();
    OnnxTensor.Values values = new OnnxTensor.Floats(tensor.data());
    constants.put(name, new OnnxTensor(name, ElementType.FLOAT, shape, values));
    return name;
  }

  private String number(float value) {
    String name = fresh("constant");
    OnnxTensor.Values values = new OnnxTensor.Floats(new float[] {value});
    constants.put(name, new OnnxTensor(name, ElementType.FLOAT, List.of(), values));
    return name;
  }

  private String constant(String wish, long... values) {
    String name = fresh(wish);
    List<Long> shape = List.of((long) values.length);
    constants.put(
        name, new OnnxTensor(name, ElementType.INT64, shape, new OnnxTensor.Longs(values)));
    return name;
  }

  /** Adds a node; returns the name of its output. */
  private String node(
      String op, String output, List<String> inputs, Map<String, OnnxAttribute> attributes) {
    nodes.add(new OnnxNode(output, "", op, inputs, List.of(output), attributes));
    return output;
  }

  /** Adds a node without attributes; returns the name of its output. */
  private String then(String op, String... inputs) {
    String output = fresh(inputs[0] + "_" + op.toLowerCase(Locale.ROOT));
    return node(op, output, List.of(inputs), Map.of());
  }

  /** A name that nothing else has. */
  private String fresh(String wish) {
    String name = wish;
    while (!names.add(name)) name += "_";
    return name;
  }

  private static OnnxAttribute ints(List<Integer> values) {
    return new OnnxAttribute.Ints(values.stream().map(Integer::longValue).toList());
  }
}
