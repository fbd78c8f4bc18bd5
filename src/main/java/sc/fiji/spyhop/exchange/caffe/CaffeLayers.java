package sc.fiji.spyhop.exchange.caffe;

import static java.util.Collections.nCopies;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Window;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** What each type of Caffe's layers becomes. */
final class CaffeLayers {

  /** Most channels of a transposed convolution in groups, which becomes one without. */
  private static final int MOST_GROUPS = 512;

  private final GraphBuilder builder;
  private final Map<String, List<Blob>> weights;

  CaffeLayers(GraphBuilder builder, Map<String, List<Blob>> weights) {
    this.builder = builder;
    this.weights = weights;
  }

  boolean hasWeights(String name) {
    return weights.containsKey(name);
  }

  Value apply(Text layer, String type, String name, List<Value> inputs) {
    List<Feature> in =
        inputs.stream()
            .filter(v -> v instanceof Value.Mapped)
            .map(v -> ((Value.Mapped) v).feature())
            .toList();
    if (in.isEmpty()) throw new Unsupported("layer without an input");
    Feature x = in.get(0);
    return switch (type) {
      case "Convolution", "DepthwiseConvolution", "ConvolutionDepthwise" ->
          mapped(convolution(layer.message("convolution_param"), name, x));
      case "Deconvolution" -> mapped(deconvolution(layer.message("convolution_param"), name, x));
      case "InnerProduct" -> mapped(innerProduct(layer.message("inner_product_param"), name, x));
      case "Pooling" -> mapped(pooling(layer.message("pooling_param"), name, x));
      case "ReLU" ->
          mapped(
              builder.leakyRelu(
                  name, x, (float) layer.message("relu_param").real("negative_slope", 0)));
      case "ReLU6" -> activation(name, x, Function.RELU6);
      case "PReLU" -> mapped(builder.leakyRelu(name, x, blob(name, 0).values()));
      case "ELU" -> {
        if (layer.message("elu_param").real("alpha", 1) != 1) {
          throw new Unsupported("alpha other than 1");
        }
        yield activation(name, x, Function.ELU);
      }
      case "Sigmoid" -> activation(name, x, Function.SIGMOID);
      case "TanH" -> activation(name, x, Function.TANH);
      case "Swish" -> activation(name, x, Function.SWISH);
      case "Softmax" -> softmax(layer.message("softmax_param").number("axis", 1), name, x, inputs);
      case "SoftmaxWithLoss" -> softmax(1, name, x, inputs);
      case "LRN" -> mapped(normalization(layer.message("lrn_param"), name, x));
      case "BatchNorm" -> mapped(batchNorm(layer.message("batch_norm_param"), name, x));
      case "Scale" -> mapped(scale(layer.message("scale_param"), name, in));
      case "Bias" -> mapped(builder.affine(name, x, new float[] {1}, blob(name, 0).values()));
      case "Power" -> mapped(power(layer.message("power_param"), name, x));
      case "Concat" -> concat(layer.message("concat_param"), name, in, inputs);
      case "Eltwise" -> mapped(eltwise(layer.message("eltwise_param"), name, in));
      case "Dropout" ->
          mapped(
              builder.dropout(name, x, layer.message("dropout_param").real("dropout_ratio", 0.5)));
      case "Flatten" -> {
        if (layer.message("flatten_param").number("axis", 1) != 1) throw new Unsupported("axis");
        yield mapped(builder.flatten(name, x));
      }
      case "Permute" -> permute(layer.message("permute_param").numbers("order"), name, x, inputs);
      case "Reshape" -> reshape(layer.message("reshape_param"), name, x, inputs);
      case "Split" -> mapped(x);
      case "PriorBox", "DetectionOutput", "Proposal", "ROIPooling", "ArgMax" ->
          Value.Cut.behind(inputs, "layer " + name, "boxes");
      default -> throw new Unsupported("type of layer without a counterpart");
    };
  }

  private static Value mapped(Feature feature) {
    return new Value.Mapped(feature);
  }

  private Value activation(String name, Feature x, Function function) {
    return mapped(builder.activation(name, x, function));
  }

  private Blob blob(String name, int i) {
    List<Blob> all = weights.getOrDefault(name, List.of());
    if (i >= all.size()) {
      throw new Unsupported("the caffemodel has " + all.size() + " tensors for it, too few");
    }
    return all.get(i);
  }

  private Optional<float[]> bias(Text param, String name) {
    return param.flag("bias_term", true) ? Optional.of(blob(name, 1).values()) : Optional.empty();
  }

  /** Rows and columns: as {@code pad_h} and {@code pad_w}, as {@code pad} twice, or once. */
  private static List<Integer> pair(Text param, String name, String stem, int otherwise) {
    if (param.has(stem + "_h") || param.has(stem + "_w")) {
      return List.of(param.number(stem + "_h", otherwise), param.number(stem + "_w", otherwise));
    }
    List<Integer> all = param.numbers(name);
    if (all.isEmpty()) return List.of(otherwise, otherwise);
    return all.size() == 1 ? List.of(all.get(0), all.get(0)) : all.subList(0, 2);
  }

  private static Window window(Text param) {
    List<Integer> pad = pair(param, "pad", "pad", 0);
    return new Window(
        pair(param, "kernel_size", "kernel", 1),
        pair(param, "stride", "stride", 1),
        pair(param, "dilation", "dilation", 1),
        new Border.Zeros(pad, pad));
  }

  private static Tensor kernel(Axes axes, Blob blob) {
    int[] shape = blob.shape().stream().mapToInt(s -> s).toArray();
    if (shape.length != 4) throw new Unsupported("a kernel of shape " + blob.shape());
    return new Tensor(axes, shape, blob.values());
  }

  private Feature convolution(Text param, String name, Feature x) {
    Tensor weight = kernel(Axes.OIHW, blob(name, 0));
    int groups = x.shape().channels() / Math.max(1, weight.size(1));
    return builder.convolution(name, x, weight, bias(param, name), window(param), groups);
  }

  private Feature deconvolution(Text param, String name, Feature x) {
    Window w = window(param);
    if (!w.dilation().equals(List.of(1, 1))) throw new Unsupported("dilation");
    Tensor weight = kernel(Axes.IOHW, blob(name, 0));
    int groups = param.number("group", 1);
    if (groups > 1) weight = withoutGroups(weight, groups);
    return builder.transposedConvolution(
        name, x, weight, bias(param, name), w.stride(), w.border());
  }

  /** Zeros where groups do not meet. */
  private static Tensor withoutGroups(Tensor weight, int groups) {
    int channels = weight.size(0);
    int own = weight.size(1);
    int area = weight.size(2) * weight.size(3);
    int filters = own * groups;
    if (channels % groups != 0 || Math.max(channels, filters) > MOST_GROUPS) {
      throw new Unsupported(groups + " groups");
    }
    float[] all = new float[Math.multiplyExact(channels * filters, area)];
    for (int c = 0; c < channels; c++) {
      int group = c / (channels / groups);
      System.arraycopy(
          weight.data(), c * own * area, all, (c * filters + group * own) * area, own * area);
    }
    return new Tensor(
        Axes.IOHW, new int[] {channels, filters, weight.size(2), weight.size(3)}, all);
  }

  private Feature innerProduct(Text param, String name, Feature x) {
    Blob blob = blob(name, 0);
    List<Integer> shape = blob.shape();
    int rows = shape.get(shape.size() - 2);
    int columns = shape.get(shape.size() - 1);
    float[] values = blob.values();
    if (param.flag("transpose", false)) {
      values = new float[values.length];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) values[c * rows + r] = blob.values()[r * columns + c];
      }
      int swap = rows;
      rows = columns;
      columns = swap;
    }
    Feature row = x.isMap() ? builder.flatten(name + "_flatten", x) : x.withOnes(0);
    Tensor weight = new Tensor(Axes.OI, new int[] {rows, columns}, values);
    return builder.dense(name, row, weight, bias(param, name));
  }

  private Feature pooling(Text param, String name, Feature x) {
    PoolingKind kind =
        switch (param.word("pool", "MAX")) {
          case "MAX", "0" -> PoolingKind.MAX;
          case "AVE", "1" -> PoolingKind.AVERAGE;
          default -> throw new Unsupported("pooling " + param.word("pool", ""));
        };
    if (param.flag("global_pooling", false)) return builder.globalPool(name, x, kind, 2);
    String rounding = param.word("round_mode", "CEIL");
    boolean ceil =
        (rounding.equals("CEIL") || rounding.equals("0")) && param.flag("ceil_mode", true);
    return builder.pool(name, x, kind, window(param), ceil, true);
  }

  private Value softmax(int axis, String name, Feature x, List<Value> inputs) {
    int rank = x.dimensions().size();
    if ((axis < 0 ? axis + rank : axis) == x.channelAxis()) {
      return activation(name, x, Function.SOFTMAX);
    }
    return Value.Cut.behind(inputs, "layer " + name, "a softmax over axis " + axis);
  }

  private Feature normalization(Text param, String name, Feature x) {
    String region = param.word("norm_region", "ACROSS_CHANNELS");
    if (!region.equals("ACROSS_CHANNELS") && !region.equals("0")) {
      throw new Unsupported("norm_region " + region);
    }
    return builder.localResponseNorm(
        name,
        x,
        param.number("local_size", 5),
        param.real("alpha", 1),
        param.real("beta", 0.75),
        param.real("k", 1));
  }

  /** Mean and variance are kept as sums, with what they are to be divided by. */
  private Feature batchNorm(Text param, String name, Feature x) {
    float factor = blob(name, 2).values()[0];
    float by = factor == 0 ? 0 : 1 / factor;
    float[] mean = times(blob(name, 0).values(), by);
    float[] variance = times(blob(name, 1).values(), by);
    float[] one = times(mean, 0);
    for (int i = 0; i < one.length; i++) one[i] = 1;
    return builder.batchNorm(
        name, x, one, new float[one.length], mean, variance, param.real("eps", 1e-5));
  }

  private static float[] times(float[] values, float by) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) out[i] = values[i] * by;
    return out;
  }

  private Feature scale(Text param, String name, List<Feature> in) {
    if (param.number("axis", 1) != 1 && in.size() == 1) throw new Unsupported("axis");
    if (in.size() == 2) {
      if (param.flag("bias_term", false)) throw new Unsupported("bias_term with two inputs");
      return builder.multiply(name, in);
    }
    float[] shift = param.flag("bias_term", false) ? blob(name, 1).values() : new float[] {0};
    return builder.affine(name, in.get(0), blob(name, 0).values(), shift);
  }

  private Feature power(Text param, String name, Feature x) {
    if (param.real("power", 1) != 1) throw new Unsupported("power " + param.word("power", ""));
    return builder.affine(
        name,
        x,
        new float[] {(float) param.real("scale", 1)},
        new float[] {(float) param.real("shift", 0)});
  }

  private Value concat(Text param, String name, List<Feature> in, List<Value> inputs) {
    int axis = param.number("axis", param.number("concat_dim", 1));
    if (axis < 0) axis += in.get(0).dimensions().size();
    if (axis != in.get(0).channelAxis() || in.stream().anyMatch(f -> f.rows().isPresent())) {
      return Value.Cut.behind(inputs, "layer " + name, "a joining that is not of channels");
    }
    return mapped(builder.concat(name, in));
  }

  private Feature eltwise(Text param, String name, List<Feature> in) {
    return switch (param.word("operation", "SUM")) {
      case "SUM", "1" -> {
        List<Feature> parts = new ArrayList<>();
        List<String> factors = param.words("coeff");
        for (int i = 0; i < in.size(); i++) {
          float factor = i < factors.size() ? Float.parseFloat(factors.get(i)) : 1;
          parts.add(
              builder.affine(
                  name + "_" + (i + 1), in.get(i), new float[] {factor}, new float[] {0}));
        }
        yield builder.add(name, parts);
      }
      case "PROD", "0" -> builder.multiply(name, in);
      default -> throw new Unsupported("operation " + param.word("operation", ""));
    };
  }

  private Value permute(List<Integer> order, String name, Feature x, List<Value> inputs) {
    if (order.equals(List.of(0, 1, 2, 3))) return mapped(x);
    if (!x.channelsLast() && order.equals(List.of(0, 2, 3, 1))) {
      return mapped(x.seenChannelsLast(true));
    }
    if (x.channelsLast() && order.equals(List.of(0, 3, 1, 2))) {
      return mapped(x.seenChannelsLast(false));
    }
    return Value.Cut.behind(inputs, "layer " + name, "a permutation of axes");
  }

  private Value reshape(Text param, String name, Feature x, List<Value> inputs) {
    List<Integer> from = x.dimensions();
    List<Integer> to = new ArrayList<>(param.message("shape").numbers("dim"));
    long all = from.stream().mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    long rest = 1;
    for (int i = 0; i < to.size(); i++) {
      if (to.get(i) == 0 && i < from.size()) to.set(i, from.get(i));
      if (to.get(i) != -1) rest *= to.get(i);
    }
    int missing = to.indexOf(-1);
    if (missing >= 0 && rest > 0) to.set(missing, (int) (all / rest));
    if (to.equals(from)) return mapped(x);
    boolean row = to.size() >= 2 && to.get(0) == 1 && to.get(1) == all;
    if (row && to.subList(2, to.size()).equals(nCopies(to.size() - 2, 1))) {
      return mapped(builder.flatten(name, x).withOnes(to.size() - 2));
    }
    return Value.Cut.behind(inputs, "layer " + name, "a reshaping that is not a flattening");
  }
}
