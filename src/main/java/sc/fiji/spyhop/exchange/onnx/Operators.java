package sc.fiji.spyhop.exchange.onnx;

import static java.util.Collections.nCopies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Window;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** What each ONNX operator becomes. */
final class Operators {

  static final String LOG_SOFTMAX = "LogSoftmax";

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

  /** Values of constants that may be calculated in any network. */
  private static final long ROOM = 1 << 24;

  private final GraphBuilder builder;
  private final long opset;
  private final List<String> notes;
  private long room;

  /**
   * @param stored values of constants in the file: what is calculated of them is bounded by that
   */
  Operators(GraphBuilder builder, long opset, long stored, List<String> notes) {
    this.room = ROOM + 4 * stored;
    this.builder = builder;
    this.opset = opset;
    this.notes = notes;
  }

  /** Whether a node is passed over: what comes before it tells the same, and more. */
  boolean isLeftOut(NodeProto node) {
    return node.getOpType().equals(LOG_SOFTMAX) || node.getOpType().equals("ArgMax");
  }

  boolean isWeighted(NodeProto node) {
    return WEIGHTED.contains(node.getOpType());
  }

  /** Whether there is a counterpart for nodes of a type, as far as the type tells. */
  boolean isKnown(NodeProto node) {
    NodeProto bare = NodeProto.newBuilder().setOpType(node.getOpType()).build();
    if (bare.getOpType().equals("Constant") || ConstantOperators.isKnown(this, bare)) return true;
    try {
      new Call(bare, List.of(), "").run();
      return true;
    } catch (Unsupported e) {
      return !e.isOfType();
    } catch (RuntimeException e) {
      return true; // for want of inputs
    }
  }

  /** The first output of a node. */
  Value apply(NodeProto node, List<Optional<Value>> inputs, String where) {
    if (!OnnxImport.isOwn(node.getDomain())) {
      throw new Unsupported("operators of " + node.getDomain());
    }
    Call call = new Call(node, inputs, where);
    if (node.getOpType().equals("Constant")) return new Known(call.constantOfAttribute());
    if (node.getOpType().equals("Shape") && inputs.get(0).orElse(null) instanceof Value.Mapped m) {
      return new Known(call.shape(m.feature().dimensions()));
    }
    boolean known =
        !inputs.isEmpty()
            && inputs.stream().flatMap(Optional::stream).allMatch(v -> v instanceof Known);
    if (known) {
      Constant made = ConstantOperators.apply(call);
      room -= made.length();
      if (room < 0) throw new Unsupported("constants larger than the network itself");
      return new Known(made);
    }
    return call.run();
  }

  /** One node with its inputs. */
  final class Call {
    final NodeProto node;
    final Attributes settings;
    private final List<Optional<Value>> inputs;
    private final String where;

    Call(NodeProto node, List<Optional<Value>> inputs, String where) {
      this.node = node;
      this.settings = new Attributes(node);
      this.inputs = inputs;
      this.where = where;
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

    private boolean isConstant(int i) {
      return has(i) && inputs.get(i).get() instanceof Known;
    }

    private Feature feature(int i) {
      if (has(i) && inputs.get(i).get() instanceof Value.Mapped m) return m.feature();
      throw new Unsupported(
          has(i) ? "a constant as input " + (i + 1) : "input " + (i + 1) + " is missing");
    }

    private List<Feature> features() {
      return IntStream.range(0, inputs.size()).mapToObj(this::feature).toList();
    }

    /** Of the weights if they have a name, as PyTorch's export gives it; else of the node. */
    private String name() {
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
              .map(Long::valueOf)
              .toList());
    }

    private Value mapped(Feature feature) {
      return new Value.Mapped(feature);
    }

    Value run() {
      return switch (node.getOpType()) {
        case "Conv" -> mapped(convolution());
        case "ConvTranspose" -> mapped(transposedConvolution());
        case "Gemm" -> mapped(gemm());
        case "MatMul" -> mapped(matMul());
        case "BatchNormalization" ->
            mapped(
                builder.batchNorm(
                    name(),
                    channelsFirst(feature(0)),
                    constant(1).floats(),
                    constant(2).floats(),
                    constant(3).floats(),
                    constant(4).floats(),
                    settings.real("epsilon", 1e-5)));
        case "Relu" -> activation(Function.RELU);
        case "Sigmoid" -> activation(Function.SIGMOID);
        case "Tanh" -> activation(Function.TANH);
        case "HardSwish" -> activation(Function.HARD_SWISH);
        case "Swish" -> swish();
        case "Elu" -> elu();
        case "LeakyRelu" ->
            mapped(builder.leakyRelu(name(), feature(0), (float) settings.real("alpha", 0.01)));
        case "PRelu" ->
            mapped(builder.leakyRelu(name(), feature(0), perChannel(feature(0), constant(1))));
        case "HardSigmoid" ->
            mapped(
                builder.hardSigmoid(
                    name(), feature(0), settings.real("alpha", 0.2), settings.real("beta", 0.5)));
        case "Clip" -> clip();
        case "Softmax" -> softmax();
        case LOG_SOFTMAX -> {
          Value softmax = softmax();
          notes.add("The logarithm of " + where + " is left out: probabilities come out.");
          yield softmax;
        }
        case "MaxPool" -> mapped(pool(PoolingKind.MAX));
        case "AveragePool" -> mapped(pool(PoolingKind.AVERAGE));
        case "GlobalAveragePool" ->
            mapped(builder.globalPool(name(), channelsFirst(feature(0)), PoolingKind.AVERAGE, 2));
        case "GlobalMaxPool" ->
            mapped(builder.globalPool(name(), channelsFirst(feature(0)), PoolingKind.MAX, 2));
        case "ReduceMean" -> mapped(reduce(PoolingKind.AVERAGE));
        case "ReduceMax" -> mapped(reduce(PoolingKind.MAX));
        case "Add", "Sum" -> add();
        case "Sub" -> subtract();
        case "Mul" -> multiply();
        case "Div" -> divide();
        case "Neg" -> affine(feature(0), new float[] {-1}, new float[] {0});
        case "Concat" -> concat();
        case "Flatten" -> flatten();
        case "Reshape" -> reshape();
        case "Squeeze" -> squeeze();
        case "Unsqueeze" -> unsqueeze();
        case "Transpose" -> transpose();
        case "Identity" -> mapped(feature(0));
        case "Cast" -> mapped(cast());
        case "Dropout" -> mapped(dropout());
        case "Pad" -> mapped(pad());
        case "Resize", "Upsample" -> mapped(resize());
        case "LRN" ->
            mapped(
                builder.localResponseNorm(
                    name(),
                    channelsFirst(feature(0)),
                    settings.number("size", 1),
                    settings.real("alpha", 1e-4),
                    settings.real("beta", 0.75),
                    settings.real("bias", 1)));
        case "ArgMax" -> mapped(argMax());
        case "NonMaxSuppression", "TopK" -> cut("choosing of what is largest");
        default -> throw Unsupported.noCounterpart();
      };
    }

    private Value cut(String reason) {
      return Value.Cut.behind(inputs.stream().flatMap(Optional::stream).toList(), where, reason);
    }

    private Feature channelsFirst(Feature f) {
      if (f.channelsLast() && f.shape().rank() > 0) {
        throw new Unsupported("a map with channels last");
      }
      return f;
    }

    // -- Layers with weights --

    private Feature convolution() {
      Feature in = channelsFirst(feature(0));
      Constant weight = constant(1);
      int rank = weight.shape().size() - 2;
      if (rank < 1 || rank > 3) throw new Unsupported("a kernel of shape " + weight.shape());
      return builder.convolution(
          name(),
          in,
          kernel("OI", weight),
          optional(2).map(Constant::floats),
          window(in, weight.shape().subList(2, 2 + rank)),
          settings.number("group", 1));
    }

    private static Tensor kernel(String first, Constant weight) {
      int[] shape = weight.shape().stream().mapToInt(s -> s).toArray();
      Axes axes = new Axes(first + "DHW".substring(3 - (shape.length - 2)));
      return new Tensor(axes, shape, weight.floats());
    }

    private Window window(Feature in, List<Integer> kernel) {
      int rank = kernel.size();
      List<Integer> one = nCopies(rank, 1);
      List<Integer> stride = settings.ints("strides", one);
      List<Integer> dilation = settings.ints("dilations", one);
      return new Window(kernel, stride, dilation, border(in, kernel, stride, dilation));
    }

    private Border border(
        Feature in, List<Integer> kernel, List<Integer> stride, List<Integer> dilation) {
      int rank = kernel.size();
      return switch (settings.text("auto_pad", "NOTSET")) {
        case "SAME_UPPER" -> new Border.Same();
        case "SAME_LOWER" -> sameLower(in, kernel, stride, dilation);
        case "VALID" -> Border.none(rank);
        default -> {
          List<Integer> pads = settings.ints("pads", nCopies(2 * rank, 0));
          yield new Border.Zeros(pads.subList(0, rank), pads.subList(rank, 2 * rank));
        }
      };
    }

    /** The odd zero in front: how many there are depends on the size. */
    private Border sameLower(
        Feature in, List<Integer> kernel, List<Integer> stride, List<Integer> dilation) {
      if (!in.shape().isFixed()) throw new Unsupported("SAME_LOWER for images of any size");
      List<Integer> before = new ArrayList<>();
      List<Integer> after = new ArrayList<>();
      for (int i = 0; i < kernel.size(); i++) {
        int size = in.shape().space().get(i);
        if (!in.margin().isEmpty()) {
          size += in.margin().get(i) + in.margin().get(i + kernel.size());
        }
        int step = stride.get(i);
        int extent = (kernel.get(i) - 1) * dilation.get(i) + 1;
        int missing = Math.max(0, ((size + step - 1) / step - 1) * step + extent - size);
        after.add(missing / 2);
        before.add(missing - missing / 2);
      }
      return new Border.Zeros(before, after);
    }

    private Feature transposedConvolution() {
      Feature in = channelsFirst(feature(0));
      Constant weight = constant(1);
      int rank = weight.shape().size() - 2;
      List<Integer> kernel = weight.shape().subList(2, 2 + rank);
      List<Integer> one = nCopies(rank, 1);
      List<Integer> stride = settings.ints("strides", one);
      if (settings.number("group", 1) != 1) throw new Unsupported("groups");
      if (!settings.ints("dilations", one).equals(one)) throw new Unsupported("dilation");
      if (settings.ints("output_shape").isPresent()) throw new Unsupported("output_shape");
      List<Integer> extra = settings.ints("output_padding", nCopies(rank, 0));
      Border border = cropped(in, kernel, stride, extra);
      return builder.transposedConvolution(
          name(), in, kernel("IO", weight), optional(2).map(Constant::floats), stride, border);
    }

    /**
     * What a transposed convolution cuts off. With {@code SAME_UPPER} and {@code SAME_LOWER} its
     * output is as many times larger as the stride says: {@code output_padding}, which makes it
     * larger behind, is part of what is cut off, half in front and half behind, the odd one behind
     * or in front.
     */
    private Border cropped(
        Feature in, List<Integer> kernel, List<Integer> stride, List<Integer> extra) {
      int rank = kernel.size();
      String pad = settings.text("auto_pad", "NOTSET");
      boolean upper = pad.equals("SAME_UPPER");
      boolean none = extra.stream().allMatch(e -> e == 0);
      if (upper && none) return new Border.Same();
      Border border =
          upper || pad.equals("SAME_LOWER")
              ? Border.none(rank)
              : border(in, kernel, stride, nCopies(rank, 1));
      if (!(border instanceof Border.Zeros given)) throw new Unsupported("auto_pad " + pad);
      List<Integer> before = new ArrayList<>();
      List<Integer> after = new ArrayList<>();
      for (int i = 0; i < rank; i++) {
        int front = given.before().get(i);
        int back = given.after().get(i);
        if (pad.startsWith("SAME")) {
          int total = extra.get(i) + kernel.get(i) - stride.get(i);
          if (total < 0)
            throw new Unsupported("auto_pad " + pad + " with a stride above the kernel");
          front = upper ? total / 2 : total - total / 2;
          back = total - front;
        }
        before.add(front);
        after.add(back - extra.get(i));
      }
      if (after.stream().anyMatch(a -> a < 0)) throw new Unsupported("output_padding " + extra);
      return new Border.Zeros(before, after);
    }

    private Feature gemm() {
      if (settings.number("transA", 0) != 0) throw new Unsupported("transA");
      Feature in = feature(0);
      Constant matrix = constant(1);
      if (settings.number("transB", 0) == 0) matrix = matrix.transposed(List.of(1, 0));
      float alpha = (float) settings.real("alpha", 1);
      float beta = (float) settings.real("beta", 1);
      float[] w = matrix.floats();
      if (alpha != 1) {
        w = w.clone();
        for (int i = 0; i < w.length; i++) w[i] *= alpha;
      }
      int units = matrix.shape().get(0);
      Tensor weight = new Tensor(Axes.OI, new int[] {units, matrix.shape().get(1)}, w);
      Optional<float[]> bias =
          optional(2)
              .map(
                  c -> {
                    float[] b = c.floats();
                    float[] all = new float[units];
                    if (b.length != 1 && b.length != units) {
                      throw new Unsupported("a summand of shape " + c.shape());
                    }
                    for (int i = 0; i < units; i++) all[i] = beta * b[b.length == 1 ? 0 : i];
                    return all;
                  });
      return builder.dense(name(), in.withOnes(0), weight, bias);
    }

    private Feature matMul() {
      Constant matrix = constant(1);
      if (matrix.shape().size() != 2) throw new Unsupported("a matrix of shape " + matrix.shape());
      Constant rows = matrix.transposed(List.of(1, 0));
      Tensor weight =
          new Tensor(Axes.OI, new int[] {rows.shape().get(0), rows.shape().get(1)}, rows.floats());
      return builder.dense(name(), feature(0), weight, Optional.empty());
    }

    // -- Activations --

    private Value activation(Function function) {
      return mapped(builder.activation(name(), feature(0), function));
    }

    private Value swish() {
      if (settings.real("alpha", 1) != 1) throw new Unsupported("alpha other than 1");
      return activation(Function.SWISH);
    }

    private Value elu() {
      if (settings.real("alpha", 1) != 1) throw new Unsupported("alpha other than 1");
      return activation(Function.ELU);
    }

    private Value clip() {
      double low = bound("min", 1, Double.NEGATIVE_INFINITY);
      double high = bound("max", 2, Double.POSITIVE_INFINITY);
      if (low == 0 && high == 6) return activation(Function.RELU6);
      if (low == 0 && high >= Float.MAX_VALUE) return activation(Function.RELU);
      if (low <= -Float.MAX_VALUE && high >= Float.MAX_VALUE) return mapped(feature(0));
      throw new Unsupported(
          Strings.format("limits %s and %s (known: 0 and 6, 0 and none)", low, high));
    }

    private double bound(String attribute, int input, double otherwise) {
      if (opset >= 11) return optional(input).map(Constant::single).orElse(otherwise);
      return settings.real(attribute, otherwise);
    }

    private Value softmax() {
      Feature in = feature(0);
      int rank = in.dimensions().size();
      int axis = settings.number("axis", opset >= 13 ? -1 : 1);
      if (axis < 0) axis += rank;
      boolean onePixel =
          in.dimensions().stream().skip(1).filter(s -> s != 1).count() <= 1
              && !in.dimensions().contains(Shape.ANY);
      boolean overChannels =
          axis == in.channelAxis() && (opset >= 13 || onePixel || axis == rank - 1);
      if (overChannels || opset < 13 && axis == 1 && onePixel) {
        return activation(Function.SOFTMAX);
      }
      throw new Unsupported("axis " + axis + " of " + in.dimensions());
    }

    private Feature argMax() {
      Feature in = feature(0);
      int axis = settings.number("axis", 0);
      if (axis < 0) axis += in.dimensions().size();
      if (axis != in.channelAxis()) throw new Unsupported("axis " + axis);
      notes.add(
          "The choice of the largest (" + where + ") is left out: values of all classes come out.");
      return in;
    }

    private Feature cast() {
      TensorProto to = TensorProto.newBuilder().setDataType(settings.number("to", 0)).build();
      if (!new Stored(to).isReal()) throw new Unsupported("to numbers that are not real");
      return feature(0);
    }

    // -- Pooling --

    private Feature pool(PoolingKind kind) {
      Feature in = channelsFirst(feature(0));
      List<Integer> kernel =
          settings.ints("kernel_shape").orElseThrow(() -> new Unsupported("no kernel_shape"));
      return builder.pool(
          name(),
          in,
          kind,
          window(in, kernel),
          settings.number("ceil_mode", 0) == 1,
          settings.number("count_include_pad", 0) == 1);
    }

    private Feature reduce(PoolingKind kind) {
      Feature in = feature(0);
      int rank = in.dimensions().size();
      List<Integer> axes = has(1) ? constant(1).ints() : settings.ints("axes").orElse(List.of());
      List<Integer> sorted = axes.stream().map(a -> a < 0 ? a + rank : a).sorted().toList();
      List<Integer> space =
          IntStream.range(1, rank).filter(a -> a != in.channelAxis()).boxed().toList();
      if (space.isEmpty() || !sorted.equals(space)) {
        throw new Unsupported(Strings.format("axes %s of %s", axes, in.dimensions()));
      }
      boolean keep = settings.number("keepdims", 1) == 1;
      Feature out = builder.globalPool(name(), in, kind, keep ? space.size() : 0);
      return keep ? out : out.seenChannelsLast(false);
    }

    // -- Arithmetic --

    private Value affine(Feature in, float[] scale, float[] shift) {
      return mapped(builder.affine(name(), in, scale, shift));
    }

    /** Values of a constant by channel: one for each, or one for all. */
    private float[] perChannel(Feature in, Constant c) {
      List<Integer> sizes = in.dimensions();
      int rank = sizes.size();
      int length = c.shape().size();
      for (int i = 0; i < length; i++) {
        int axis = rank - length + i;
        boolean one = c.shape().get(i) == 1;
        boolean channels = axis == in.channelAxis() && c.shape().get(i) == in.shape().channels();
        if (!one && !channels) {
          throw new Unsupported(Strings.format("a constant of shape %s with %s", c.shape(), sizes));
        }
      }
      return c.floats();
    }

    private Value add() {
      int constants = (int) IntStream.range(0, inputs()).filter(this::isConstant).count();
      if (constants == 0) return mapped(builder.add(name(), features()));
      if (inputs() != 2) throw new Unsupported("constants among several summands");
      int c = isConstant(0) ? 0 : 1;
      Feature in = feature(1 - c);
      return affine(in, new float[] {1}, perChannel(in, constant(c)));
    }

    private Value subtract() {
      if (isConstant(1)) {
        return affine(feature(0), new float[] {1}, negative(perChannel(feature(0), constant(1))));
      }
      if (isConstant(0)) {
        return affine(feature(1), new float[] {-1}, perChannel(feature(1), constant(0)));
      }
      throw new Unsupported("difference of two values that depend on the image");
    }

    private static float[] negative(float[] values) {
      float[] out = new float[values.length];
      for (int i = 0; i < out.length; i++) out[i] = -values[i];
      return out;
    }

    private Value multiply() {
      if (isConstant(0) || isConstant(1)) {
        int c = isConstant(0) ? 0 : 1;
        Feature in = feature(1 - c);
        return affine(in, perChannel(in, constant(c)), new float[] {0});
      }
      return mapped(builder.multiply(name(), features()));
    }

    private Value divide() {
      if (!isConstant(1)) throw new Unsupported("division by what depends on the image");
      float[] by = perChannel(feature(0), constant(1)).clone();
      for (int i = 0; i < by.length; i++) by[i] = 1 / by[i];
      return affine(feature(0), by, new float[] {0});
    }

    // -- Shapes --

    private Value concat() {
      List<Feature> parts = features();
      Feature first = parts.get(0);
      int axis = settings.number("axis", 1);
      if (axis < 0) axis += first.dimensions().size();
      if (parts.stream().anyMatch(p -> p.rows().isPresent())) {
        return cut("joining of flattened maps");
      }
      if (axis != first.channelAxis()) throw new Unsupported("axis " + axis);
      return mapped(builder.concat(name(), parts));
    }

    private Value flatten() {
      int axis = settings.number("axis", 1);
      Feature in = feature(0);
      if (axis < 0) axis += in.dimensions().size();
      if (axis != 1) throw new Unsupported("axis " + axis);
      return mapped(builder.flatten(name(), in));
    }

    private Value reshape() {
      List<Integer> target = has(1) ? constant(1).ints() : settings.ints("shape", List.of());
      return reshape(target);
    }

    private Value reshape(List<Integer> target) {
      Feature in = feature(0);
      List<Integer> from = in.dimensions();
      boolean open = from.contains(Shape.ANY);
      List<Integer> to = resolved(from, target);
      if (to.equals(from)) return mapped(in);
      boolean row = to.size() == 2 && (to.get(0) == 1 || to.get(0) == -1);
      if (row && (open || to.get(1) == product(from))) return mapped(builder.flatten(name(), in));
      boolean pixel =
          !open
              && !in.isMap()
              && to.size() <= 5
              && to.get(0) == 1
              && product(to) == in.shape().channels();
      if (pixel && to.size() > 2 && to.get(1) == in.shape().channels()) {
        return mapped(in.seenChannelsLast(false).withOnes(to.size() - 2));
      }
      if (pixel && to.size() > 2 && to.get(to.size() - 1) == in.shape().channels()) {
        return mapped(in.seenChannelsLast(true).withOnes(to.size() - 2));
      }
      return cut("a reshaping that is not a flattening");
    }

    /** With 0 for what stays and -1 for what is left replaced, as far as sizes are known. */
    private List<Integer> resolved(List<Integer> from, List<Integer> target) {
      List<Integer> to = new ArrayList<>();
      for (int i = 0; i < target.size(); i++) {
        to.add(target.get(i) == 0 && i < from.size() ? from.get(i) : target.get(i));
      }
      int missing = to.indexOf(-1);
      if (missing >= 0 && !from.contains(Shape.ANY)) {
        long rest = 1;
        for (int size : to) rest *= size == -1 ? 1 : size;
        if (rest > 0 && product(from) % rest == 0) to.set(missing, (int) (product(from) / rest));
      }
      return to;
    }

    private static long product(List<Integer> sizes) {
      return sizes.stream().mapToLong(s -> s).reduce(1, Math::multiplyExact);
    }

    private Value squeeze() {
      Feature in = feature(0);
      List<Integer> from = in.dimensions();
      Optional<List<Integer>> axes =
          has(1) ? Optional.of(constant(1).ints()) : settings.ints("axes");
      List<Integer> gone =
          axes.orElseGet(
              () -> IntStream.range(1, from.size()).filter(i -> from.get(i) == 1).boxed().toList());
      List<Integer> gonePositive = gone.stream().map(a -> a < 0 ? a + from.size() : a).toList();
      List<Integer> to = new ArrayList<>();
      for (int i = 0; i < from.size(); i++) if (!gonePositive.contains(i)) to.add(from.get(i));
      return reshape(to);
    }

    private Value unsqueeze() {
      Feature in = feature(0);
      List<Integer> axes = has(1) ? constant(1).ints() : settings.ints("axes", List.of());
      List<Integer> to = new ArrayList<>(in.dimensions());
      int rank = to.size() + axes.size();
      axes.stream().map(a -> a < 0 ? a + rank : a).sorted().forEach(a -> to.add(a, 1));
      return reshape(to);
    }

    private Value transpose() {
      Feature in = feature(0);
      int rank = in.dimensions().size();
      List<Integer> identity = IntStream.range(0, rank).boxed().toList();
      List<Integer> reversed = IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList();
      List<Integer> order = settings.ints("perm", reversed);
      if (order.equals(identity)) return mapped(in);
      List<Integer> toLast = new ArrayList<>(identity);
      toLast.remove(1);
      toLast.add(1);
      List<Integer> toFirst = new ArrayList<>(identity);
      toFirst.add(1, toFirst.remove(rank - 1));
      if (!in.channelsLast() && order.equals(toLast)) return mapped(in.seenChannelsLast(true));
      if (in.channelsLast() && order.equals(toFirst)) return mapped(in.seenChannelsLast(false));
      return cut("a transposition of " + order);
    }

    private Feature dropout() {
      double rate =
          opset >= 12 ? optional(1).map(Constant::single).orElse(0.5) : settings.real("ratio", 0.5);
      return builder.dropout(name(), feature(0), rate);
    }

    private Feature pad() {
      Feature in = feature(0);
      String mode = settings.text("mode", "constant");
      if (!mode.equals("constant")) throw new Unsupported("mode " + mode);
      double value =
          opset >= 11 ? optional(2).map(Constant::single).orElse(0.0) : settings.real("value", 0);
      List<Integer> pads =
          opset >= 11
              ? constant(1).ints()
              : settings.ints("pads").or(() -> settings.ints("paddings")).orElse(List.of());
      if (has(3)) throw new Unsupported("axes");
      int rank = in.dimensions().size();
      if (pads.stream().allMatch(p -> p == 0)) return in;
      List<Integer> margin = new ArrayList<>();
      for (int side = 0; side < 2; side++) {
        for (int i = 0; i < rank; i++) {
          int p = pads.get(side * rank + i);
          if (i > 0 && i != in.channelAxis()) margin.add(p);
          else if (p != 0) throw new Unsupported("zeros that are not around a map");
        }
      }
      boolean none = in.margin().isEmpty();
      if (value != 0 || !in.isMap() || !none || margin.stream().anyMatch(p -> p < 0)) {
        throw new Unsupported("pads " + pads + " of value " + value);
      }
      return in.withMargin(margin);
    }

    private Feature resize() {
      Feature in = channelsFirst(feature(0));
      if (!in.isMap()) throw new Unsupported("enlarging of a single pixel");
      List<Integer> factor = new ArrayList<>();
      int rank = in.shape().rank();
      int scalesAt = node.getOpType().equals("Upsample") || opset < 11 ? 1 : 2;
      if (has(3) && constant(3).length() > 0) {
        List<Integer> sizes = constant(3).ints();
        for (int i = 0; i < rank; i++) {
          int size = in.shape().space().get(i);
          int to = sizes.get(sizes.size() - rank + i);
          if (size == Shape.ANY || to == Shape.ANY) {
            throw new Unsupported("a size that depends on the image; say what size images have");
          }
          if (to % size != 0) throw new Unsupported("from " + size + " to " + to + " pixels");
          factor.add(to / size);
        }
      } else {
        float[] scales = has(scalesAt) ? constant(scalesAt).floats() : scalesOfAttribute();
        if (scales.length != rank + 2 || scales[0] != 1 || scales[1] != 1) {
          throw new Unsupported("scales " + Arrays.toString(scales));
        }
        for (int i = 0; i < rank; i++) {
          if (scales[2 + i] != Math.rint(scales[2 + i]) || scales[2 + i] < 1) {
            throw new Unsupported("scales " + Arrays.toString(scales));
          }
          factor.add((int) scales[2 + i]);
        }
      }
      return builder.upsample(name(), in, factor, interpolation(factor));
    }

    private float[] scalesOfAttribute() {
      List<Float> found = settings.reals("scales").orElseThrow(() -> new Unsupported("no scales"));
      float[] scales = new float[found.size()];
      for (int i = 0; i < scales.length; i++) scales[i] = found.get(i);
      return scales;
    }

    private Interpolation interpolation(List<Integer> factor) {
      String mode = settings.text("mode", "nearest");
      boolean old = node.getOpType().equals("Upsample") || opset < 11;
      String pixels =
          old ? "asymmetric" : settings.text("coordinate_transformation_mode", "half_pixel");
      String rounding = old ? "floor" : settings.text("nearest_mode", "round_prefer_floor");
      boolean centred = pixels.equals("half_pixel") || pixels.equals("pytorch_half_pixel");
      if (mode.equals("nearest")) {
        boolean repeats =
            centred && rounding.startsWith("round")
                || pixels.equals("asymmetric")
                    && (rounding.equals("floor")
                        || rounding.equals("round_prefer_floor")
                            && factor.stream().allMatch(f -> f <= 2));
        if (repeats) return Interpolation.NEAREST;
      }
      if (mode.equals("linear") && centred) return Interpolation.BILINEAR;
      throw new Unsupported(Strings.format("mode %s, %s, %s", mode, pixels, rounding));
    }
  }
}
