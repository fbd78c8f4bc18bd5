package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.Padding;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Gathers the nodes and constants of a graph, layer by layer. */
final class OnnxNodes {

  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> constants = new ArrayList<>();
  private final Map<String, Tensor> written = new LinkedHashMap<>();
  private final Weights weights;

  /** Names taken by anything. */
  private final Set<String> names = new HashSet<>();

  /** Under which name a layer's output is found, where that is not the layer's own. */
  private final Map<String, String> aliases = new HashMap<>();

  /** Batch norms that the layer before has taken on. */
  private final Set<String> folded = new HashSet<>();

  OnnxNodes(Network network, Weights weights) {
    this.weights = weights;
    network.inputs().forEach(i -> names.add(i.name()));
    network.layers().forEach(l -> names.add(l.name()));
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

  /** Whether a factor and a summand for each output channel can go into its weights. */
  static boolean canBeScaled(Layer layer) {
    return layer instanceof Layer.Convolution
        || layer instanceof Layer.TransposedConvolution
        || layer instanceof Layer.Dense;
  }

  /** Whether it passes on what it receives, in prediction. */
  static boolean doesNothing(Layer layer) {
    return layer instanceof Layer.Dropout
        || layer instanceof Layer.Activation a && a.function() == Function.IDENTITY;
  }

  /**
   * Adds a layer.
   *
   * @param norm batch norm to fold into it
   * @param shapes of all layers and inputs, perhaps open
   * @param outputs layers that must be there under their own names
   */
  void add(
      Layer layer, Optional<Layer.BatchNorm> norm, Map<String, Shape> shapes, Set<String> outputs) {
    String in = resolve(layer.inputs().get(0));
    Shape shape = shapes.get(layer.inputs().get(0));
    String name = layer.name();
    if (folded.contains(name)) return;
    if (doesNothing(layer)) {
      if (outputs.contains(name)) {
        node("Identity", name, List.of(in), List.of());
      } else {
        aliases.put(name, in);
      }
    } else if (layer instanceof Layer.Convolution l) {
      Windows windows = new Windows(l.kernel(), l.stride(), l.dilation(), l.padding());
      List<AttributeProto> attributes = windows.attributes();
      attributes.add(Attribute.ints("dilations", l.dilation()));
      if (l.groups() > 1) attributes.add(Attribute.number("group", l.groups()));
      String padded = windows.pad(in, shape, attributes);
      node("Conv", outputName(l, norm), weighted(padded, l, 0, norm), attributes);
    } else if (layer instanceof Layer.TransposedConvolution l) {
      List<AttributeProto> attributes = new ArrayList<>();
      attributes.add(Attribute.ints("kernel_shape", l.kernel()));
      attributes.add(Attribute.ints("strides", l.stride()));
      if (l.padding() == Padding.SAME) {
        List<Integer> total = new ArrayList<>();
        for (int i = 0; i < l.kernel().size(); i++) {
          total.add(l.kernel().get(i) - l.stride().get(i));
        }
        attributes.add(pads(total));
      } else if (l.padding() instanceof Padding.Explicit e) {
        attributes.add(pads(e));
      }
      node("ConvTranspose", outputName(l, norm), weighted(in, l, 1, norm), attributes);
    } else if (layer instanceof Layer.Dense l) {
      node(
          "Gemm",
          outputName(l, norm),
          weighted(in, l, 0, norm),
          List.of(Attribute.number("transB", 1)));
    } else if (layer instanceof Layer.BatchNorm l) {
      List<String> inputs = new ArrayList<>(List.of(in));
      for (Parameter p : Parameters.of(l)) inputs.add(constant(p.name(), weights.get(p.name())));
      node("BatchNormalization", name, inputs, List.of(Attribute.real("epsilon", l.epsilon())));
    } else if (layer instanceof Layer.Activation l) {
      activation(l, in);
    } else if (layer instanceof Layer.Pooling l) {
      pooling(l, in, shape);
    } else if (layer instanceof Layer.GlobalPooling l) {
      String pooled = fresh(name + "_map");
      boolean max = l.kind() == PoolingKind.MAX;
      node(max ? "GlobalMaxPool" : "GlobalAveragePool", pooled, List.of(in), List.of());
      node("Flatten", name, List.of(pooled), List.of(Attribute.number("axis", 1)));
    } else if (layer instanceof Layer.Upsampling l) {
      upsampling(l, in);
    } else if (layer instanceof Layer.Concat l) {
      node("Concat", name, resolve(l.inputs()), List.of(Attribute.number("axis", 1)));
    } else if (layer instanceof Layer.Add l) {
      node(l.inputs().size() == 2 ? "Add" : "Sum", name, resolve(l.inputs()), List.of());
    } else if (layer instanceof Layer.Flatten) {
      node("Flatten", name, List.of(in), List.of(Attribute.number("axis", 1)));
    } else if (layer instanceof Layer.Multiply l) {
      multiply(l, shapes);
    } else if (layer instanceof Layer.PRelu l) {
      // one slope for each channel, whatever the dimensions behind
      int[] slopes = new int[shape.rank() + 1];
      Arrays.fill(slopes, 1);
      slopes[0] = l.channels();
      Axes axes = new Axes("C" + "DHW".substring(3 - shape.rank()));
      Tensor slope = weights.get(Parameters.of(l).get(0).name()).reshape(axes, slopes);
      node("PRelu", name, List.of(in, constant(name + ".weight", slope)), List.of());
    } else if (layer instanceof Layer.LocalResponseNorm l) {
      localResponseNorm(l, in, shape);
    } else {
      throw new AssertionError(layer);
    }
  }

  /** A layer that takes on its batch norm gives what that would, under its name. */
  private String outputName(Layer layer, Optional<Layer.BatchNorm> norm) {
    norm.ifPresent(n -> folded.add(n.name()));
    return norm.map(Layer::name).orElse(layer.name());
  }

  private void activation(Layer.Activation l, String in) {
    List<AttributeProto> attributes = List.of();
    String op;
    switch (l.function()) {
      case RELU -> op = "Relu";
      case TANH -> op = "Tanh";
      case SIGMOID -> op = "Sigmoid";
      case LEAKY_RELU -> {
        op = "LeakyRelu";
        attributes = List.of(Attribute.real("alpha", 0.01f));
      }
      case SOFTMAX -> {
        op = "Softmax";
        attributes = List.of(Attribute.number("axis", 1));
      }
      case ELU -> op = "Elu";
      case HARD_SWISH -> op = "HardSwish";
      case HARD_SIGMOID -> {
        op = "HardSigmoid";
        attributes = List.of(Attribute.real("alpha", 1 / 6f));
      }
      case RELU6 -> {
        node("Clip", l.name(), List.of(in, number(0), number(6)), List.of());
        return;
      }
      case SWISH -> {
        String sigmoid = fresh(l.name() + "_sigmoid");
        node("Sigmoid", sigmoid, List.of(in), List.of());
        node("Mul", l.name(), List.of(in, sigmoid), List.of());
        return;
      }
      default -> throw new AssertionError(l);
    }
    node(op, l.name(), List.of(in), attributes);
  }

  /** Factors that are vectors get the dimensions that they lack. */
  private void multiply(Layer.Multiply l, Map<String, Shape> shapes) {
    int rank = shapes.get(l.inputs().get(0)).rank();
    String product = resolve(l.inputs().get(0));
    for (int i = 1; i < l.inputs().size(); i++) {
      String factor = resolve(l.inputs().get(i));
      if (shapes.get(l.inputs().get(i)).rank() < rank) {
        long[] missing = new long[rank];
        for (int d = 0; d < rank; d++) missing[d] = d + 2;
        String vector = factor;
        factor = fresh(l.name() + "_factor");
        String axes = constant(l.name() + ".axes", missing);
        node("Unsqueeze", factor, List.of(vector, axes), List.of());
      }
      String name = i == l.inputs().size() - 1 ? l.name() : fresh(l.name() + "_part");
      node("Mul", name, List.of(product, factor), List.of());
      product = name;
    }
  }

  private void pooling(Layer.Pooling l, String in, Shape shape) {
    Windows windows =
        new Windows(l.kernel(), l.stride(), Collections.nCopies(l.kernel().size(), 1), l.padding());
    List<AttributeProto> attributes = windows.attributes();
    String padded = windows.pad(in, shape, attributes);
    if (l.kind() == PoolingKind.AVERAGE
        && l.countIncludePad()
        && l.padding() instanceof Padding.Explicit) {
      attributes.add(Attribute.number("count_include_pad", 1));
    }
    if (l.ceilMode()) attributes.add(Attribute.number("ceil_mode", 1));
    String op = l.kind() == PoolingKind.MAX ? "MaxPool" : "AveragePool";
    node(op, l.name(), List.of(padded), attributes);
  }

  /** ONNX Runtime has it for planes alone, so that others are taken for such. */
  private void localResponseNorm(Layer.LocalResponseNorm l, String in, Shape shape) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attribute.number("size", l.size()));
    attributes.add(Attribute.real("alpha", l.alpha()));
    attributes.add(Attribute.real("beta", l.beta()));
    attributes.add(Attribute.real("bias", l.k()));
    if (shape.rank() == 2) {
      node("LRN", l.name(), List.of(in), attributes);
      return;
    }
    String size = then("Shape", in);
    String plane = then("Reshape", in, constant(l.name() + ".plane", 0, 0, 1, -1));
    String normalized = fresh(l.name() + "_plane");
    node("LRN", normalized, List.of(plane), attributes);
    node("Reshape", l.name(), List.of(normalized, size), List.of());
  }

  private void upsampling(Layer.Upsampling l, String in) {
    boolean nearest = l.interpolation() == Interpolation.NEAREST;
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attribute.text("mode", nearest ? "nearest" : "linear"));
    attributes.add(
        Attribute.text("coordinate_transformation_mode", nearest ? "asymmetric" : "half_pixel"));
    if (nearest) attributes.add(Attribute.text("nearest_mode", "floor"));
    String name = fresh(l.name() + ".scales");
    TensorProto.Builder constant =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.FLOAT_VALUE)
            .addDims(l.factor().size() + 2)
            .addAllFloatData(List.of(1f, 1f));
    for (int factor : l.factor()) constant.addFloatData(factor);
    constants.add(constant.build());
    node("Resize", l.name(), List.of(in, "", name), attributes);
  }

  /**
   * A layer's input, weight and bias.
   *
   * @param channelAxis of the weight, along which output channels lie
   */
  private List<String> weighted(
      String in, Layer layer, int channelAxis, Optional<Layer.BatchNorm> norm) {
    List<Parameter> parameters = Parameters.of(layer);
    Tensor weight = weights.get(parameters.get(0).name());
    Optional<Tensor> bias = parameters.stream().skip(1).map(p -> weights.get(p.name())).findAny();
    if (norm.isPresent()) {
      ChannelScaling scaling = ChannelScaling.of(norm.get(), weights);
      weight = scaling.scaledWeight(weight, channelAxis);
      bias = Optional.of(scaling.scaledBias(bias));
    }
    List<String> inputs = new ArrayList<>(List.of(in));
    inputs.add(constant(layer.name() + ".weight", weight));
    bias.ifPresent(b -> inputs.add(constant(layer.name() + ".bias", b)));
    return inputs;
  }

  private String constant(String wish, Tensor tensor) {
    String name = fresh(wish);
    written.put(name, tensor);
    return name;
  }

  private String number(float value) {
    String name = fresh("constant");
    constants.add(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.FLOAT_VALUE)
            .addFloatData(value)
            .build());
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

  private void node(
      String op, String output, List<String> inputs, List<AttributeProto> attributes) {
    nodes.add(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(op)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(attributes)
            .build());
  }

  /** Adds a node without attributes; returns the name of its output. */
  private String then(String op, String... inputs) {
    String output = fresh(inputs[0] + "_" + op.toLowerCase(Locale.ROOT));
    node(op, output, List.of(inputs), List.of());
    return output;
  }

  private String resolve(String name) {
    return aliases.getOrDefault(name, name);
  }

  private List<String> resolve(List<String> names) {
    return names.stream().map(this::resolve).toList();
  }

  /** A name that nothing else has. */
  private String fresh(String wish) {
    String name = wish;
    while (!names.add(name)) name += "_";
    return name;
  }

  private static AttributeProto pads(Padding.Explicit padding) {
    return Attribute.ints(
        "pads", Stream.concat(padding.before().stream(), padding.after().stream()).toList());
  }

  /** Half of each before, the odd one after. */
  private static AttributeProto pads(List<Integer> total) {
    List<Integer> pads = new ArrayList<>();
    for (int t : total) pads.add(t / 2);
    for (int t : total) pads.add(t - t / 2);
    return Attribute.ints("pads", pads);
  }

  /** Windows that move over a map. */
  private final class Windows {

    private final List<Integer> kernel;
    private final List<Integer> stride;
    private final List<Integer> extent = new ArrayList<>();
    private final Padding padding;
    private final boolean dilated;

    Windows(List<Integer> kernel, List<Integer> stride, List<Integer> dilation, Padding padding) {
      this.kernel = kernel;
      this.stride = stride;
      this.padding = padding;
      dilated = dilation.stream().anyMatch(d -> d > 1);
      for (int i = 0; i < kernel.size(); i++) {
        extent.add((kernel.get(i) - 1) * dilation.get(i) + 1);
      }
    }

    List<AttributeProto> attributes() {
      List<AttributeProto> attributes = new ArrayList<>();
      attributes.add(Attribute.ints("kernel_shape", kernel));
      attributes.add(Attribute.ints("strides", stride));
      return attributes;
    }

    /**
     * Says how the border is padded. How much a strided window needs depends on the size; where
     * that is open, {@code SAME_UPPER} leaves it to the runtime, which however cannot do so for
     * dilated windows: then nodes in front find out and pad.
     *
     * @return the name of the padded input
     */
    String pad(String in, Shape shape, List<AttributeProto> attributes) {
      if (padding instanceof Padding.Explicit e) attributes.add(pads(e));
      if (padding != Padding.SAME) return in;
      List<Integer> total = new ArrayList<>();
      for (int i = 0; i < kernel.size(); i++) {
        int size = shape.space().get(i);
        int step = stride.get(i);
        if (step > 1 && size == Shape.ANY) {
          if (dilated) return padBySize(in);
          attributes.add(Attribute.text("auto_pad", "SAME_UPPER"));
          return in;
        }
        int windows = step == 1 ? size : (size + step - 1) / step;
        total.add(step == 1 ? extent.get(i) - 1 : (windows - 1) * step + extent.get(i) - size);
      }
      total.replaceAll(t -> Math.max(t, 0));
      attributes.add(pads(total));
      return in;
    }

    /** {@code total = max(0, (ceil(size / stride) - 1) * stride + extent - size)}, in nodes. */
    private String padBySize(String in) {
      String size = then("Shape", in);
      String step = constant(in + ".stride", withBatchAndChannel(stride, 1));
      String span = constant(in + ".extent", withBatchAndChannel(extent, 1));
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

    private static long[] withBatchAndChannel(List<Integer> sizes, long value) {
      long[] all = new long[sizes.size() + 2];
      Arrays.fill(all, value);
      for (int i = 0; i < sizes.size(); i++) all[i + 2] = sizes.get(i);
      return all;
    }
  }
}
