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
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.expression.Expression;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
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

  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> constants = new ArrayList<>();
  private final Map<String, Tensor> written = new LinkedHashMap<>();
  private final Weights weights;

  /** Names taken by anything. */
  private final Set<String> names = new HashSet<>();

  /** Under which name what an input or layer gives is found. */
  private final Map<String, String> found = new HashMap<>();

  private final Map<String, Shape> shapes;
  private final Map<Layer, BatchNorm> norms;
  private final Set<String> outputs;
  private final Quantization quantization;

  /** Ranges of maps that are rounded, by the names under which they are found. */
  private final Map<String, Quantization.Range> rounded = new HashMap<>();

  /**
   * @param quantization what is rounded
   * @param norms batch norms that layers take on
   * @param outputs layers that must be there under their own names
   */
  OnnxNodes(
      Network network,
      Weights weights,
      Quantization quantization,
      Map<Layer, BatchNorm> norms,
      Collection<String> outputs) {
    this.weights = weights;
    this.quantization = quantization;
    this.norms = Map.copyOf(norms);
    this.outputs = Set.copyOf(outputs);
    shapes = Shapes.of(network);
    network.inputs().forEach(i -> found.put(i.name(), i.name()));
    names.addAll(shapes.keySet());
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  /** Settings that are inputs. */
  List<TensorProto> constants() {
    return constants;
  }

  /** By name, as the nodes take them. */
  Map<String, Tensor> weights() {
    return written;
  }

  /** Adds a layer; those that feed it are there already. */
  void add(Layer layer) {
    String output = layer.accept(this);
    Quantization.Range range = quantization.maps().get(layer.name());
    found.put(layer.name(), range == null ? output : rounded(layer.name(), output, range));
  }

  /** Rounds a map to whole steps and back, between which ONNX Runtime computes in eight bits. */
  private String rounded(String layer, String map, Quantization.Range range) {
    String step = number(layer + ".step", DataType.FLOAT_VALUE, t -> t.addFloatData(range.step()));
    String zero = number(layer + ".zero", DataType.UINT8_VALUE, t -> t.addInt32Data(range.zero()));
    String whole = fresh(layer + "_whole");
    node("QuantizeLinear", whole, List.of(map, step, zero), List.of());
    String back = fresh(layer + "_rounded");
    node("DequantizeLinear", back, List.of(whole, step, zero), List.of());
    rounded.put(back, range);
    return back;
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
    List<AttributeProto> attributes = windows(l.kernel(), l.stride());
    attributes.add(Attribute.ints("dilations", l.dilation()));
    if (l.groups() > 1) attributes.add(Attribute.number("group", l.groups()));
    boolean dilated = l.dilation().stream().anyMatch(d -> d > 1);
    String padded = pad(l, l.padding(), allOf(l.kernel(), l::windows), dilated, attributes);
    return weighted("Conv", l, padded, 0, attributes);
  }

  @Override
  public String visit(TransposedConvolution l) {
    List<AttributeProto> attributes = windows(l.kernel(), l.stride());
    if (l.padding() instanceof Padding.Explicit e) {
      attributes.add(Attribute.ints("pads", e.all()));
    } else if (l.padding() == Padding.SAME) {
      // as many at any size that is a multiple of the stride
      attributes.add(pads(allOf(l.kernel(), l::windows), l.stride()));
    }
    return weighted("ConvTranspose", l, in(l), 1, attributes);
  }

  @Override
  public String visit(Dense l) {
    return weighted("Gemm", l, in(l), 0, List.of(Attribute.number("transB", 1)));
  }

  /**
   * A node with weight and bias. With a batch norm to take on it gives what that would, under its
   * name.
   *
   * @param channelAxis of the weight, along which output channels lie
   */
  private String weighted(
      String op, Weighted l, String in, int channelAxis, List<AttributeProto> attributes) {
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
    if (quantization.layers().contains(l.name())) {
      inputs.addAll(rounded(l.name(), weight, bias, rounded.get(in(l)).step()));
    } else {
      inputs.add(constant(l.name() + ".weight", weight));
      bias.ifPresent(b -> inputs.add(constant(l.name() + ".bias", b)));
    }
    return node(op, norm == null ? l.name() : norm.name(), inputs, attributes);
  }

  /** Names of a weight and bias in whole steps, brought back to what these stand for. */
  private List<String> rounded(
      String layer, Tensor weight, Optional<Tensor> bias, float inputStep) {
    RoundedWeights whole = RoundedWeights.of(weight, bias, inputStep);
    TensorProto.Builder kernel =
        TensorProto.newBuilder().setDataType(DataType.INT8_VALUE).setRawData(whole.weight());
    for (int size : weight.shape()) kernel.addDims(size);
    List<String> names = new ArrayList<>();
    names.add(restored(layer + ".weight", kernel, whole.steps()));
    whole
        .bias()
        .ifPresent(
            values -> {
              TensorProto.Builder summand =
                  TensorProto.newBuilder().setDataType(DataType.INT32_VALUE).addDims(values.length);
              for (int value : values) summand.addInt32Data(value);
              names.add(restored(layer + ".bias", summand, whole.biasSteps(inputStep)));
            });
    return names;
  }

  private String restored(String wish, TensorProto.Builder whole, float[] steps) {
    String name = fresh(wish);
    constants.add(whole.setName(name).build());
    String step = constant(wish + "_step", new Tensor(Axes.C, new int[] {steps.length}, steps));
    // all of them 0, which ONNX Runtime wants to be told for each
    String zero = fresh(wish + "_zero");
    TensorProto.Builder zeros =
        TensorProto.newBuilder()
            .setName(zero)
            .setDataType(whole.getDataType())
            .addDims(steps.length);
    for (int i = 0; i < steps.length; i++) zeros.addInt32Data(0);
    constants.add(zeros.build());
    String back = fresh(wish + "_rounded");
    return node(
        "DequantizeLinear", back, List.of(name, step, zero), List.of(Attribute.number("axis", 0)));
  }

  @Override
  public String visit(BatchNorm l) {
    if (norms.containsValue(l)) return l.name();
    List<String> inputs = new ArrayList<>(List.of(in(l)));
    for (Parameter p : l.parameters()) inputs.add(constant(p.name(), weights.get(p.name())));
    List<AttributeProto> attributes = List.of(Attribute.real("epsilon", (float) l.epsilon()));
    return node("BatchNormalization", l.name(), inputs, attributes);
  }

  @Override
  public String visit(Dropout l) {
    return unchanged(l);
  }

  /** Of a layer that passes on what it receives. */
  private String unchanged(Layer l) {
    return outputs.contains(l.name())
        ? node("Identity", l.name(), List.of(in(l)), List.of())
        : in(l);
  }

  @Override
  public String visit(Activation l) {
    return switch (l.function()) {
      case IDENTITY -> unchanged(l);
      case RELU -> function("Relu", l, List.of());
      case TANH -> function("Tanh", l, List.of());
      case SIGMOID -> function("Sigmoid", l, List.of());
      case ELU -> function("Elu", l, List.of());
      case HARD_SWISH -> function("HardSwish", l, List.of());
      case LEAKY_RELU -> function("LeakyRelu", l, List.of(Attribute.real("alpha", 0.01f)));
      case SOFTMAX -> function("Softmax", l, List.of(Attribute.number("axis", 1)));
      case HARD_SIGMOID -> function("HardSigmoid", l, List.of(Attribute.real("alpha", 1 / 6f)));
      case RELU6 -> node("Clip", l.name(), List.of(in(l), number(0), number(6)), List.of());
      case GELU, MISH -> formula(l, l.function().formula().orElseThrow());
      case SWISH -> {
        String sigmoid = fresh(l.name() + "_sigmoid");
        node("Sigmoid", sigmoid, List.of(in(l)), List.of());
        yield node("Mul", l.name(), List.of(in(l), sigmoid), List.of());
      }
    };
  }

  private String function(String op, Activation l, List<AttributeProto> attributes) {
    return node(op, l.name(), List.of(in(l)), attributes);
  }

  @Override
  public String visit(PRelu l) {
    int rank = shape(l).rank();
    int[] slopes = new int[rank + 1];
    Arrays.fill(slopes, 1);
    slopes[0] = l.channels();
    for (int d = 0; d < l.space().size(); d++) slopes[d + 1] = l.space().get(d);
    Axes axes = new Axes("C" + "DHW".substring(3 - rank));
    Tensor slope = weights.get(l.parameters().get(0).name()).reshape(axes, slopes);
    return node(
        "PRelu", l.name(), List.of(in(l), constant(l.name() + ".weight", slope)), List.of());
  }

  @Override
  public String visit(Concat l) {
    return node("Concat", l.name(), allIn(l), List.of(Attribute.number("axis", 1)));
  }

  @Override
  public String visit(Add l) {
    List<String> all = spread(l, shape(l).rank());
    return node(all.size() == 2 ? "Add" : "Sum", l.name(), all, List.of());
  }

  @Override
  public String visit(Multiply l) {
    List<String> all = spread(l, shape(l).rank());
    String product = all.get(0);
    for (int i = 1; i < all.size(); i++) {
      String name = i == all.size() - 1 ? l.name() : fresh(l.name() + "_part");
      product = node("Mul", name, List.of(product, all.get(i)), List.of());
    }
    return product;
  }

  /** All that goes in; vectors get the dimensions that they lack. */
  private List<String> spread(Layer l, int rank) {
    List<String> all = new ArrayList<>();
    for (String source : l.inputs()) {
      String in = found.get(source);
      int own = shapes.get(source).rank();
      if (own < rank) {
        String vector = in;
        in = fresh(l.name() + "_spread");
        long[] missing = LongStream.range(2 + own, 2 + rank).toArray();
        String axes = constant(l.name() + ".axes", missing);
        node("Unsqueeze", in, List.of(vector, axes), List.of());
      }
      all.add(in);
    }
    return all;
  }

  @Override
  public String visit(Flatten l) {
    return flatten(l, in(l));
  }

  private String flatten(Layer l, String map) {
    return node("Flatten", l.name(), List.of(map), List.of(Attribute.number("axis", 1)));
  }

  @Override
  public String visit(GlobalPooling l) {
    String pooled = fresh(l.name() + "_map");
    boolean max = l.kind() == PoolingKind.MAX;
    node(max ? "GlobalMaxPool" : "GlobalAveragePool", pooled, List.of(in(l)), List.of());
    return flatten(l, pooled);
  }

  @Override
  public String visit(Pooling l) {
    List<AttributeProto> attributes = windows(l.kernel(), l.stride());
    String padded = pad(l, l.padding(), allOf(l.kernel(), l::windows), false, attributes);
    boolean max = l.kind() == PoolingKind.MAX;
    if (!max && l.countIncludePad()) {
      attributes.add(Attribute.number("count_include_pad", 1));
    }
    if (l.ceilMode()) attributes.add(Attribute.number("ceil_mode", 1));
    return node(max ? "MaxPool" : "AveragePool", l.name(), List.of(padded), attributes);
  }

  /** ONNX Runtime has it for planes alone, so that others are taken for such. */
  @Override
  public String visit(LocalResponseNorm l) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attribute.number("size", l.size()));
    attributes.add(Attribute.real("alpha", l.alpha()));
    attributes.add(Attribute.real("beta", l.beta()));
    attributes.add(Attribute.real("bias", l.k()));
    String in = in(l);
    if (shape(l).rank() == 2) return node("LRN", l.name(), List.of(in), attributes);
    String size = then("Shape", in);
    String plane = then("Reshape", in, constant(l.name() + ".plane", 0, 0, 1, -1));
    String normalized = fresh(l.name() + "_plane");
    node("LRN", normalized, List.of(plane), attributes);
    return node("Reshape", l.name(), List.of(normalized, size), List.of());
  }

  /** What is added and what is cut off apart: ONNX Runtime repeats others than the border else. */
  @Override
  public String visit(Pad l) {
    List<Integer> all = Stream.concat(l.before().stream(), l.after().stream()).toList();
    boolean adds = all.stream().anyMatch(p -> p > 0);
    boolean cuts = all.stream().anyMatch(p -> p < 0);
    String added = in(l);
    if (adds) {
      String name = cuts ? fresh(l.name() + "_added") : l.name();
      added = pad(name, added, all.stream().map(p -> Math.max(0, p)).toList(), l.mode());
    }
    if (adds && !cuts) return added;
    List<Integer> cut = all.stream().map(p -> Math.min(0, p)).toList();
    return pad(l.name(), added, cut, Pad.Mode.ZEROS);
  }

  /**
   * @param border before, then after
   */
  private String pad(String name, String in, List<Integer> border, Pad.Mode mode) {
    int rank = border.size() / 2;
    long[] pads = new long[2 * rank + 4];
    for (int d = 0; d < rank; d++) {
      pads[2 + d] = border.get(d);
      pads[4 + rank + d] = border.get(rank + d);
    }
    boolean zeros = mode == Pad.Mode.ZEROS;
    List<String> inputs = new ArrayList<>(List.of(in, constant(name + ".pads", pads)));
    // with its sign, as ONNX Runtime takes plain zeros for the padding of a pooling that follows,
    // in which they would not count
    if (zeros) inputs.add(number(-0f));
    String word = zeros ? "constant" : mode.name().toLowerCase(Locale.ROOT);
    return node("Pad", name, inputs, List.of(Attribute.text("mode", word)));
  }

  @Override
  public String visit(Resizing l) {
    if (l.interpolation() == Interpolation.NEAREST) return nearest(l);
    float[] scales = new float[l.factor().size()];
    for (int i = 0; i < scales.length; i++) {
      int divisor = l.divisor().get(i);
      float scale = l.factor().get(i) / (float) divisor;
      // sizes are rounded down: a third of three must not be less than one
      scales[i] = Integer.bitCount(divisor) == 1 ? scale : Math.nextUp(scale);
    }
    String pixels = l.alignCorners() ? "align_corners" : "half_pixel";
    return resize(l.name(), in(l), scales, l.interpolation(), pixels);
  }

  /** Values are repeated, and of these every so manieth is taken: no rounding chooses another. */
  private String nearest(Resizing l) {
    boolean divides = l.divisor().stream().anyMatch(d -> d > 1);
    String repeated = divides ? fresh(l.name() + "_repeated") : l.name();
    resize(repeated, in(l), floats(l.factor()), Interpolation.NEAREST, "asymmetric");
    if (!divides) return repeated;
    int rank = l.divisor().size();
    long[] starts = new long[rank];
    long[] ends = new long[rank];
    Arrays.fill(ends, Long.MAX_VALUE);
    long[] axes = LongStream.range(2, 2 + rank).toArray();
    long[] steps = l.divisor().stream().mapToLong(d -> d).toArray();
    return node(
        "Slice",
        l.name(),
        List.of(
            repeated,
            constant(l.name() + ".starts", starts),
            constant(l.name() + ".ends", ends),
            constant(l.name() + ".axes", axes),
            constant(l.name() + ".steps", steps)),
        List.of());
  }

  private static float[] floats(List<Integer> numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) floats[i] = numbers.get(i);
    return floats;
  }

  @Override
  public String visit(SelectChannels l) {
    if (!l.isRange()) {
      long[] channels = l.channels().stream().mapToLong(c -> c).toArray();
      return gather(l.name(), in(l), channels);
    }
    int first = l.channels().get(0);
    return node(
        "Slice",
        l.name(),
        List.of(
            in(l),
            constant(l.name() + ".start", first),
            constant(l.name() + ".end", first + l.channels().size()),
            constant(l.name() + ".axis", 1)),
        List.of());
  }

  private String gather(String name, String from, long[] channels) {
    return node(
        "Gather",
        name,
        List.of(from, constant(name + ".channels", channels)),
        List.of(Attribute.number("axis", 1)));
  }

  @Override
  public String visit(PixelShuffle l) {
    if (shape(l).rank() != 2) {
      throw new SpyhopException(
          "layer " + l.name() + ": ONNX has pixel shuffle for planes only, not for volumes.");
    }
    AttributeProto block = Attribute.number("blocksize", l.block());
    if (l.direction() == PixelShuffle.Direction.TO_SPACE) {
      return node(
          "DepthToSpace", l.name(), List.of(in(l)), List.of(block, Attribute.text("mode", "CRD")));
    }
    // there, the pixels of a block come first, and then the channels
    String blocks = fresh(l.name() + "_blocks");
    node("SpaceToDepth", blocks, List.of(in(l)), List.of(block));
    int channels = shape(l).channels();
    int pixels = l.block() * l.block();
    long[] order = new long[channels * pixels];
    for (int i = 0; i < order.length; i++) order[i] = (long) (i % pixels) * channels + i / pixels;
    return gather(l.name(), blocks, order);
  }

  /**
   * As PyTorch writes it down: groups taken for channels of a sequence, each normalized by itself.
   */
  @Override
  public String visit(GroupNorm l) {
    String in = in(l);
    List<AttributeProto> attributes = List.of(Attribute.real("epsilon", (float) l.epsilon()));
    if (l.isInstanceNorm() && shape(l).rank() > 0) {
      List<String> inputs = new ArrayList<>(List.of(in));
      for (Parameter p : l.parameters()) inputs.add(constant(p.name(), weights.get(p.name())));
      return node("InstanceNormalization", l.name(), inputs, attributes);
    }
    float[] ones = new float[l.groups()];
    Arrays.fill(ones, 1);
    String one = constant(l.name() + ".ones", new Tensor(Axes.C, new int[] {ones.length}, ones));
    String zero = constant(l.name() + ".zeros", Tensor.zeros(Axes.C, ones.length));
    String size = then("Shape", in);
    String grouped = then("Reshape", in, constant(l.name() + ".groups", 0, l.groups(), -1));
    String normal = fresh(l.name() + "_groups");
    node(l.name(), "InstanceNormalization", normal, List.of(grouped, one, zero), attributes);
    return scaledAndShifted(l, then("Reshape", normal, size));
  }

  /** From its definition: ONNX has it from operator set 17 on, and with channels last. */
  @Override
  public String visit(LayerNorm l) {
    String in = in(l);
    List<AttributeProto> overChannels = List.of(Attribute.ints("axes", List.of(1)));
    String mean = fresh(l.name() + "_mean");
    node("ReduceMean", mean, List.of(in), overChannels);
    String apart = then("Sub", in, mean);
    String variance = fresh(l.name() + "_variance");
    node("ReduceMean", variance, List.of(then("Mul", apart, apart)), overChannels);
    String deviation = then("Sqrt", then("Add", variance, number((float) l.epsilon())));
    String normal = fresh(l.name() + "_normal");
    node(l.name(), "Div", normal, List.of(apart, deviation), List.of());
    return scaledAndShifted(l, normal);
  }

  /**
   * By weight and bias of each channel. The node before bears the name of the layer, which it
   * becomes when the file is read.
   */
  private String scaledAndShifted(Layer l, String map) {
    String scaled = fresh(l.name() + "_scaled");
    node("Mul", scaled, List.of(map, overPlaces(l, "weight")), List.of());
    List<String> shifted = List.of(scaled, overPlaces(l, "bias"));
    return node(fresh(l.name() + "_shifted"), "Add", l.name(), shifted, List.of());
  }

  /** One value for each channel, whatever the dimensions behind. */
  private String overPlaces(Layer l, String part) {
    Tensor values = weights.get(l.name() + "." + part);
    int rank = shape(l).rank();
    int[] sizes = new int[rank + 1];
    Arrays.fill(sizes, 1);
    sizes[0] = values.length();
    Axes axes = new Axes("C" + "DHW".substring(3 - rank));
    return constant(l.name() + "." + part, values.reshape(axes, sizes));
  }

  @Override
  public String visit(Formula l) {
    return formula(l, l.formula());
  }

  private String formula(Layer l, String text) {
    List<Shape> in = l.inputs().stream().map(shapes::get).toList();
    int rank = shapes.get(l.name()).rank();
    int channels = in.stream().mapToInt(Shape::channels).max().orElseThrow();
    Expression formula =
        LayerFormula.parse(text, in.size()).value(in.stream().map(Shape::dimensions).toList());
    String value = FormulaNodes.add(formula, spread(l, rank), graph(l, channels, rank));
    return node("Identity", l.name(), List.of(value), List.of());
  }

  @Override
  public String visit(PluginLayer l) {
    throw new SpyhopException(
        "layer "
            + l.name()
            + ": ONNX has no operator for what plugins bring, such as "
            + l.description()
            + ". Only Spyhop itself runs the network.");
  }

  @Override
  public String visit(OnnxGraph l) {
    throw l.refused();
  }

  private FormulaNodes.Graph graph(Layer l, int channelCount, int rank) {
    return new FormulaNodes.Graph() {
      @Override
      public String node(String op, List<String> inputs, List<AttributeProto> attributes) {
        String output = fresh(l.name() + "_" + op.toLowerCase(Locale.ROOT));
        return OnnxNodes.this.node(op, output, inputs, attributes);
      }

      @Override
      public String number(float value) {
        return OnnxNodes.this.number(value);
      }

      @Override
      public String list(long... values) {
        return constant(l.name() + ".list", values);
      }

      @Override
      public String channels() {
        float[] numbers = new float[channelCount];
        for (int c = 0; c < numbers.length; c++) numbers[c] = c;
        int[] sizes = new int[rank + 1];
        Arrays.fill(sizes, 1);
        sizes[0] = numbers.length;
        Axes axes = new Axes("C" + "DHW".substring(3 - rank));
        return constant(l.name() + ".channels", new Tensor(axes, sizes, numbers));
      }

      @Override
      public int channelCount() {
        return channelCount;
      }
    };
  }

  @Override
  public String visit(Upsampling l) {
    boolean nearest = l.interpolation() == Interpolation.NEAREST;
    String pixels = nearest ? "asymmetric" : "half_pixel";
    return resize(l.name(), in(l), floats(l.factor()), l.interpolation(), pixels);
  }

  private String resize(
      String name, String in, float[] scales, Interpolation interpolation, String pixels) {
    boolean nearest = interpolation == Interpolation.NEAREST;
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attribute.text("mode", nearest ? "nearest" : "linear"));
    attributes.add(Attribute.text("coordinate_transformation_mode", pixels));
    if (nearest) attributes.add(Attribute.text("nearest_mode", "floor"));
    String sizes = fresh(name + ".scales");
    TensorProto.Builder constant =
        TensorProto.newBuilder()
            .setName(sizes)
            .setDataType(DataType.FLOAT_VALUE)
            .addDims(scales.length + 2);
    constant.addFloatData(1).addFloatData(1);
    for (float scale : scales) constant.addFloatData(scale);
    constants.add(constant.build());
    return node("Resize", name, List.of(in, "", sizes), attributes);
  }

  private static List<Windows> allOf(List<Integer> kernel, IntFunction<Windows> windows) {
    return IntStream.range(0, kernel.size()).mapToObj(windows).toList();
  }

  private static List<AttributeProto> windows(List<Integer> kernel, List<Integer> stride) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attribute.ints("kernel_shape", kernel));
    attributes.add(Attribute.ints("strides", stride));
    return attributes;
  }

  /** Padding of windows over a map of some size, first before, then after. */
  private static AttributeProto pads(List<Windows> windows, List<Integer> sizes) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      Windows.Placed placed = windows.get(i).over(sizes.get(i));
      before.add(placed.before());
      after.add(Math.max(0, placed.beyond()));
    }
    return Attribute.ints("pads", Stream.concat(before.stream(), after.stream()).toList());
  }

  /**
   * States how the border is padded. How much a strided window needs depends on the size; where
   * that is open, {@code SAME_UPPER} leaves it to the runtime, which however cannot do so for
   * dilated windows: then nodes in front find out and pad.
   *
   * @return the name of the padded input
   */
  private String pad(
      Layer l,
      Padding padding,
      List<Windows> windows,
      boolean dilated,
      List<AttributeProto> attributes) {
    if (padding instanceof Padding.Explicit e) attributes.add(Attribute.ints("pads", e.all()));
    if (padding != Padding.SAME) return in(l);
    List<Integer> sizes = new ArrayList<>(shape(l).space());
    for (int i = 0; i < sizes.size(); i++) {
      if (sizes.get(i) != Shape.ANY) continue;
      if (windows.get(i).stride() > 1) {
        if (dilated) return padBySize(in(l), windows);
        attributes.add(Attribute.text("auto_pad", "SAME_UPPER"));
        return in(l);
      }
      // as much at any size
      sizes.set(i, 1);
    }
    attributes.add(pads(windows, sizes));
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
        List.of(Attribute.number("axis", 0)));
    return then("Pad", in, pads);
  }

  private static long[] withBatchAndChannel(List<Windows> windows, ToLongFunction<Windows> value) {
    return LongStream.concat(LongStream.of(1, 1), windows.stream().mapToLong(value)).toArray();
  }

  private String constant(String wish, Tensor tensor) {
    String name = fresh(wish);
    written.put(name, tensor);
    return name;
  }

  private String number(float value) {
    return number("constant", DataType.FLOAT_VALUE, t -> t.addFloatData(value));
  }

  private String number(String wish, int type, Consumer<TensorProto.Builder> value) {
    String name = fresh(wish);
    TensorProto.Builder constant = TensorProto.newBuilder().setName(name).setDataType(type);
    value.accept(constant);
    constants.add(constant.build());
    return name;
  }

  private String constant(String wish, long... values) {
    String name = fresh(wish);
    TensorProto.Builder constant =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64_VALUE)
            .addDims(values.length);
    for (long value : values) constant.addInt64Data(value);
    constants.add(constant.build());
    return name;
  }

  /** Adds a node; returns the name of its output. */
  private String node(
      String op, String output, List<String> inputs, List<AttributeProto> attributes) {
    return node(output, op, output, inputs, attributes);
  }

  /** The same, called otherwise than its output. */
  private String node(
      String name, String op, String output, List<String> inputs, List<AttributeProto> attributes) {
    nodes.add(
        NodeProto.newBuilder()
            .setName(name)
            .setOpType(op)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(attributes)
            .build());
    return output;
  }

  /** Adds a node without attributes; returns the name of its output. */
  private String then(String op, String... inputs) {
    String output = fresh(inputs[0] + "_" + op.toLowerCase(Locale.ROOT));
    return node(op, output, List.of(inputs), List.of());
  }

  /** A name that nothing else has. */
  private String fresh(String wish) {
    String name = wish;
    while (!names.add(name)) name += "_";
    return name;
  }
}
