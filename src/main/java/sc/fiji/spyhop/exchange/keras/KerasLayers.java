package sc.fiji.spyhop.exchange.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Formulas;
import sc.fiji.spyhop.exchange.graph.Fraction;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Window;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.keras.KerasFile.Weight;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** What each type of Keras' layers becomes. */
final class KerasLayers {

  private final GraphBuilder builder;
  private final Map<String, List<Weight>> weights;
  private final KerasActivations activations;

  /**
   * @param version of Keras: functions of the same name differ
   */
  KerasLayers(GraphBuilder builder, Map<String, List<Weight>> weights, String version) {
    this.builder = builder;
    this.weights = weights;
    activations = new KerasActivations(builder, version.startsWith("3"));
  }

  boolean hasWeights(String name) {
    return weights.containsKey(name);
  }

  /** Whether there is a counterpart for layers of a type, as far as the type tells. */
  boolean isKnown(String type) {
    Value none = new Value.Mapped(Feature.of("", Shape.of(1)));
    try {
      new KerasLayers(new GraphBuilder(), Map.of(), "")
          .apply(type, "", MissingNode.getInstance(), List.of(none));
      return true;
    } catch (Unsupported e) {
      return !e.isOfType();
    } catch (RuntimeException e) {
      return true; // for want of inputs and settings
    }
  }

  Value apply(String type, String name, JsonNode c, List<Value> inputs) {
    List<Feature> in = inputs.stream().map(v -> ((Value.Mapped) v).feature()).toList();
    if (in.isEmpty()) throw new Unsupported("layer without an input");
    if (c.path("data_format").asText("").equals("channels_first")) {
      throw new Unsupported("channels first");
    }
    Feature x = in.get(0);
    if (c.has("x") || c.has("y")) return mapped(withNumber(type, name, c, x));
    return switch (type) {
      case "Conv2D", "Convolution2D" -> mapped(convolution(name, c, x));
      case "DepthwiseConv2D" -> mapped(depthwise(name, c, x));
      case "SeparableConv2D", "SeparableConvolution2D" -> mapped(separable(name, c, x));
      case "Conv2DTranspose", "Deconvolution2D" -> mapped(transposed(name, c, x));
      case "Dense" -> mapped(dense(name, c, x));
      case "BatchNormalization" -> mapped(batchNorm(name, c, x));
      case "GroupNormalization" -> mapped(groupNorm(name, c, x));
      case "LayerNormalization" -> mapped(layerNorm(name, c, x));
      case "MaxPooling2D" -> mapped(pool(name, c, x, PoolingKind.MAX));
      case "AveragePooling2D" -> mapped(pool(name, c, x, PoolingKind.AVERAGE));
      case "GlobalAveragePooling2D" -> mapped(global(name, c, x, PoolingKind.AVERAGE));
      case "GlobalMaxPooling2D" -> mapped(global(name, c, x, PoolingKind.MAX));
      case "UpSampling2D" -> mapped(upsampling(name, c, x));
      case "ZeroPadding2D" -> mapped(bordered(name, c.path("padding"), 1, x));
      case "Cropping2D" -> mapped(bordered(name, c.path("cropping"), -1, x));
      case "Resizing" -> mapped(resizing(name, c, x));
      case "Activation" -> mapped(activations.function(name, x, c.path("activation")));
      case "ReLU", "LeakyReLU", "ThresholdedReLU", "ELU" ->
          mapped(activations.layer(type, name, c, x));
      case "PReLU" -> mapped(prelu(name, x));
      case "Softmax" -> {
        int axis = c.path("axis").asInt(-1);
        if (axis != -1 && axis != x.dimensions().size() - 1) throw new Unsupported("axis " + axis);
        yield mapped(builder.activation(name, x, Function.SOFTMAX));
      }
      // of Inception-ResNet: the second input by a number, added to the first
      case "CustomScaleLayer" -> {
        float[] scale = {(float) c.path("scale").asDouble(1)};
        Feature scaled = builder.affine(name + "_scaled", in.get(1), scale, new float[] {0});
        yield mapped(builder.add(name, List.of(x, scaled)));
      }
      case "LayerScale" ->
          mapped(builder.affine(name, x, KerasFile.values(weight(name, 0)), new float[] {0}));
      // of ConvNeXt, as it is called in prediction
      case "StochasticDepth" -> mapped(x);
      case "Dropout", "SpatialDropout2D" ->
          mapped(builder.dropout(name, x, c.path("rate").asDouble(c.path("p").asDouble(0))));
      case "Add" -> mapped(builder.add(name, in));
      case "Subtract" -> mapped(subtract(name, in));
      case "Multiply" -> mapped(builder.multiply(name, in));
      case "Maximum" -> mapped(extreme("max", name, in));
      case "Minimum" -> mapped(extreme("min", name, in));
      case "Average" -> mapped(average(name, in));
      case "Concatenate" -> concat(name, c.path("axis"), in, inputs);
      case "Merge" -> merge(name, c, in, inputs);
      case "Flatten" -> mapped(builder.flatten(name, x));
      case "Reshape" -> reshape(name, c, x, inputs);
      case "Rescaling" ->
          mapped(builder.affine(name, x, numbers(c.path("scale")), numbers(c.path("offset"))));
      case "Normalization" -> mapped(normalization(name, c, x));
      case "GaussianNoise",
          "GaussianDropout",
          "AlphaDropout",
          "ActivityRegularization",
          "RandomFlip",
          "RandomRotation",
          "RandomZoom",
          "RandomContrast",
          "RandomTranslation",
          "RandomBrightness",
          "RandomCrop" ->
          mapped(x);
      default -> throw Unsupported.noCounterpart();
    };
  }

  private static Value mapped(Feature feature) {
    return new Value.Mapped(feature);
  }

  // -- Settings --

  static float[] numbers(JsonNode node) {
    if (!node.isArray()) return new float[] {(float) node.asDouble(0)};
    float[] all = new float[node.size()];
    for (int i = 0; i < all.length; i++) all[i] = (float) node.get(i).asDouble();
    return all;
  }

  private static List<Integer> pair(JsonNode node, int otherwise) {
    if (node.isArray() && node.size() == 2) {
      return List.of(node.get(0).asInt(), node.get(1).asInt());
    }
    int n = node.asInt(otherwise);
    return List.of(n, n);
  }

  private static Border border(JsonNode c) {
    String padding = c.path("padding").asText(c.path("border_mode").asText("valid"));
    return switch (padding) {
      case "same" -> new Border.Same();
      case "valid" -> Border.none(2);
      default -> throw new Unsupported("padding " + padding);
    };
  }

  private static List<Integer> stride(JsonNode c) {
    return pair(c.has("strides") ? c.path("strides") : c.path("subsample"), 1);
  }

  private static Window window(JsonNode c, Tensor weight) {
    return new Window(
        List.of(weight.size(2), weight.size(3)),
        stride(c),
        pair(c.path("dilation_rate"), 1),
        border(c));
  }

  /** Arithmetic with a number, {@code y}, or {@code x} if it comes first. */
  private Feature withNumber(String type, String name, JsonNode c, Feature in) {
    boolean first = c.has("x");
    float number = (float) c.path(first ? "x" : "y").asDouble();
    return switch (type) {
      case "Add" -> affine(name, in, 1, number);
      case "Subtract" -> first ? affine(name, in, -1, number) : affine(name, in, 1, -number);
      case "Multiply" -> affine(name, in, number, 0);
      case "Divide", "TrueDivide" -> {
        if (first) throw new Unsupported("a number divided by a map");
        yield affine(name, in, 1 / number, 0);
      }
      default -> throw Unsupported.noCounterpart();
    };
  }

  private Feature affine(String name, Feature in, float scale, float shift) {
    return builder.affine(name, in, new float[] {scale}, new float[] {shift});
  }

  private Weight weight(String name, int i) {
    List<Weight> own = weights.getOrDefault(name, List.of());
    if (i >= own.size()) {
      throw new Unsupported("the file has " + own.size() + " tensors for it, too few");
    }
    return own.get(i);
  }

  private Optional<float[]> bias(String name, JsonNode c, int i) {
    boolean has = c.path("use_bias").asBoolean(c.path("bias").asBoolean(true));
    return has ? Optional.of(KerasFile.values(weight(name, i))) : Optional.empty();
  }

  // -- Layers with weights --

  private Feature convolution(String name, JsonNode c, Feature x) {
    Tensor w = Kernels.convolution(weight(name, 0));
    Feature y =
        builder.convolution(name, x, w, bias(name, c, 1), window(c, w), c.path("groups").asInt(1));
    return activated(name, c, y);
  }

  private Feature depthwise(String name, JsonNode c, Feature x) {
    Tensor w = Kernels.depthwise(weight(name, 0));
    Feature y =
        builder.convolution(name, x, w, bias(name, c, 1), window(c, w), x.shape().channels());
    return activated(name, c, y);
  }

  private Feature separable(String name, JsonNode c, Feature x) {
    Tensor depth = Kernels.depthwise(weight(name, 0));
    Tensor points = Kernels.convolution(weight(name, 1));
    Feature middle =
        builder.convolution(
            name + "_depthwise",
            x,
            depth,
            Optional.empty(),
            window(c, depth),
            x.shape().channels());
    List<Integer> one = List.of(1, 1);
    Window point = new Window(one, one, one, Border.none(2));
    return activated(
        name, c, builder.convolution(name, middle, points, bias(name, c, 2), point, 1));
  }

  private Feature transposed(String name, JsonNode c, Feature x) {
    Tensor w = Kernels.transposedConvolution(weight(name, 0));
    List<Integer> stride = stride(c);
    boolean small = w.size(2) < stride.get(0) || w.size(3) < stride.get(1);
    boolean dilated = !pair(c.path("dilation_rate"), 1).equals(List.of(1, 1));
    if (small) throw new Unsupported("a kernel smaller than the stride");
    if (dilated) throw new Unsupported("dilation");
    if (c.path("output_padding").isArray()) throw new Unsupported("output_padding");
    Feature y = builder.transposedConvolution(name, x, w, bias(name, c, 1), stride, border(c));
    return activated(name, c, y);
  }

  private Feature dense(String name, JsonNode c, Feature x) {
    Tensor w = Kernels.dense(weight(name, 0));
    return activated(name, c, builder.dense(name, x, w, bias(name, c, 1)));
  }

  private Feature batchNorm(String name, JsonNode c, Feature x) {
    int learned = (scales(c) ? 1 : 0) + (shifts(c) ? 1 : 0);
    float[] mean = KerasFile.values(weight(name, learned));
    float[] variance = KerasFile.values(weight(name, learned + 1));
    return builder.batchNorm(
        name, x, scale(name, c, x), shift(name, c, x), mean, variance, epsilon(c));
  }

  private static boolean scales(JsonNode c) {
    return c.path("scale").asBoolean(true);
  }

  private static boolean shifts(JsonNode c) {
    return c.path("center").asBoolean(true);
  }

  /** What normalized channels are multiplied by. */
  private float[] scale(String name, JsonNode c, Feature x) {
    return scales(c) ? KerasFile.values(weight(name, 0)) : filled(1, x.shape().channels());
  }

  /** What is added to normalized channels. */
  private float[] shift(String name, JsonNode c, Feature x) {
    int at = scales(c) ? 1 : 0;
    return shifts(c) ? KerasFile.values(weight(name, at)) : filled(0, x.shape().channels());
  }

  private static double epsilon(JsonNode c) {
    return c.path("epsilon").asDouble(1e-3);
  }

  private Feature groupNorm(String name, JsonNode c, Feature x) {
    int axis = c.path("axis").asInt(-1);
    if (axis != -1 && axis != x.channelAxis()) throw new Unsupported("axis " + axis);
    int told = c.path("groups").asInt(32);
    int groups = told == -1 ? x.shape().channels() : told;
    return builder.groupNorm(name, x, groups, scale(name, c, x), shift(name, c, x), epsilon(c));
  }

  /** Over channels, or over places as well, which then have no weights that differ. */
  private Feature layerNorm(String name, JsonNode c, Feature x) {
    if (c.path("rms_scaling").asBoolean(false)) throw new Unsupported("rms_scaling");
    int rank = x.dimensions().size();
    List<Integer> axes = new ArrayList<>();
    if (c.path("axis").isArray()) c.path("axis").forEach(a -> axes.add(a.asInt()));
    else axes.add(c.path("axis").asInt(-1));
    List<Integer> sorted = axes.stream().map(a -> a < 0 ? a + rank : a).sorted().toList();
    if (sorted.equals(List.of(x.channelAxis()))) {
      return builder.layerNorm(name, x, scale(name, c, x), shift(name, c, x), epsilon(c));
    }
    List<Integer> all = IntStream.range(1, rank).boxed().toList();
    if (!x.isMap() || !sorted.equals(all)) throw new Unsupported("axis " + axes);
    if (scales(c) || shifts(c)) throw new Unsupported("weights that differ from place to place");
    return builder.groupNorm(name, x, 1, scale(name, c, x), shift(name, c, x), epsilon(c));
  }

  private static float[] filled(float value, int n) {
    float[] all = new float[n];
    Arrays.fill(all, value);
    return all;
  }

  /** Slopes with channels last, axes that share them being 1. */
  private Feature prelu(String name, Feature x) {
    Weight w = weight(name, 0);
    List<Integer> s = w.shape();
    float[] values = KerasFile.values(w);
    int n = x.shape().channels();
    int channels = s.get(s.size() - 1);
    if (s.size() != x.shape().rank() + 1 || channels != n && channels != 1) {
      throw new Unsupported("slopes of shape " + s);
    }
    int places = values.length / channels;
    int[] shape = new int[s.size()];
    shape[0] = n;
    for (int d = 1; d < shape.length; d++) shape[d] = s.get(d - 1);
    float[] slopes = new float[n * places];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = values[i % places * channels + i / places % channels];
    }
    return builder.leakyRelu(
        name, x, new Tensor(new Axes("C" + "DHW".substring(4 - shape.length)), shape, slopes));
  }

  /** {@code (x - mean) / max(sqrt(variance), 1e-7)}. */
  private Feature normalization(String name, JsonNode c, Feature x) {
    if (c.path("invert").asBoolean(false)) throw new Unsupported("invert");
    float[] mean;
    float[] variance;
    if (c.path("mean").isNull() || c.path("mean").isMissingNode()) {
      mean = KerasFile.values(weight(name, 0));
      variance = KerasFile.values(weight(name, 1));
    } else {
      mean = numbers(c.path("mean"));
      variance = numbers(c.path("variance"));
    }
    float[] scale = new float[mean.length];
    float[] shift = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      scale[i] = (float) (1 / Math.max(Math.sqrt(variance[i]), 1e-7));
      shift[i] = -mean[i] * scale[i];
    }
    return builder.affine(name, x, scale, shift);
  }

  private Feature activated(String name, JsonNode c, Feature y) {
    return activations.function(name + "_activation", y, c.path("activation"));
  }

  // -- Shapes --

  private Feature pool(String name, JsonNode c, Feature x, PoolingKind kind) {
    List<Integer> kernel = pair(c.path("pool_size"), 2);
    JsonNode told = c.path("strides");
    List<Integer> stride = told.isNull() || told.isMissingNode() ? kernel : pair(told, 1);
    Window window = new Window(kernel, stride, List.of(1, 1), border(c));
    return builder.pool(name, x, kind, window, false, false);
  }

  private Feature global(String name, JsonNode c, Feature x, PoolingKind kind) {
    boolean keep = c.path("keepdims").asBoolean(false);
    Feature y = builder.globalPool(name, x, kind, keep ? 2 : 0);
    return keep ? y : y.seenChannelsLast(false);
  }

  private Feature upsampling(String name, JsonNode c, Feature x) {
    Interpolation interpolation = interpolation(c.path("interpolation").asText("nearest"));
    return builder.upsample(name, x, pair(c.path("size"), 2), interpolation);
  }

  private static Interpolation interpolation(String kind) {
    return switch (kind) {
      case "nearest" -> Interpolation.NEAREST;
      case "bilinear" -> Interpolation.BILINEAR;
      default -> throw new Unsupported("interpolation " + kind);
    };
  }

  /**
   * @param told by how much on which side: top and bottom, left and right
   * @param sign -1 for what is cut off
   */
  private Feature bordered(String name, JsonNode told, int sign, Feature x) {
    List<Integer> rows;
    List<Integer> columns;
    if (told.isArray() && told.size() == 2 && told.get(0).isArray()) {
      rows = pair(told.get(0), 0);
      columns = pair(told.get(1), 0);
    } else {
      List<Integer> both = pair(told, 1);
      rows = List.of(both.get(0), both.get(0));
      columns = List.of(both.get(1), both.get(1));
    }
    List<Integer> before = List.of(sign * rows.get(0), sign * columns.get(0));
    List<Integer> after = List.of(sign * rows.get(1), sign * columns.get(1));
    return builder.pad(name, x, before, after, Pad.Mode.ZEROS);
  }

  private Feature resizing(String name, JsonNode c, Feature x) {
    List<Integer> to = List.of(c.path("height").asInt(), c.path("width").asInt());
    if (!x.isMap() || !x.shape().isFixed()) throw new Unsupported(Unsupported.OPEN_SIZE);
    List<Fraction> scales =
        IntStream.range(0, 2).mapToObj(d -> new Fraction(to.get(d), x.sizes().get(d))).toList();
    boolean enlarges = scales.stream().allMatch(f -> f.numerator() >= f.denominator());
    for (String setting :
        List.of("crop_to_aspect_ratio", "pad_to_aspect_ratio", enlarges ? "" : "antialias")) {
      if (c.path(setting).asBoolean(false)) throw new Unsupported(setting);
    }
    Interpolation interpolation = interpolation(c.path("interpolation").asText("bilinear"));
    boolean nearest = interpolation == Interpolation.NEAREST;
    if (nearest && !scales.stream().allMatch(Fraction::isWhole)) {
      throw new Unsupported("interpolation nearest, by other than whole numbers");
    }
    return builder.resize(name, x, scales, interpolation, false);
  }

  private Feature average(String name, List<Feature> in) {
    Feature sum = builder.add(name + "_sum", in);
    return builder.affine(name, sum, new float[] {1f / in.size()}, new float[] {0});
  }

  private Feature subtract(String name, List<Feature> in) {
    if (in.size() != 2) throw new Unsupported("a difference of " + in.size() + " values");
    return builder.formula(name, "x-y", in);
  }

  private Feature extreme(String function, String name, List<Feature> in) {
    if (in.size() == 1) return in.get(0);
    return builder.formula(name, function + "(" + Formulas.joined(",", in.size()) + ")", in);
  }

  /** Of Keras 1, which had one layer for all ways to join. */
  private Value merge(String name, JsonNode c, List<Feature> in, List<Value> inputs) {
    String mode = c.path("mode").asText("sum");
    return switch (mode) {
      case "sum" -> mapped(builder.add(name, in));
      case "mul" -> mapped(builder.multiply(name, in));
      case "ave" -> mapped(average(name, in));
      case "max" -> mapped(extreme("max", name, in));
      case "concat" -> concat(name, c.path("concat_axis"), in, inputs);
      default -> throw new Unsupported("mode " + mode);
    };
  }

  private Value concat(String name, JsonNode told, List<Feature> in, List<Value> inputs) {
    int axis = told.asInt(-1);
    if (axis < 0) axis += in.get(0).dimensions().size();
    if (axis != in.get(0).channelAxis() || in.stream().anyMatch(f -> f.rows().isPresent())) {
      return Value.Cut.behind(inputs, "layer " + name, "a joining that is not of channels");
    }
    return mapped(builder.concat(name, in));
  }

  private Value reshape(String name, JsonNode c, Feature x, List<Value> inputs) {
    List<Integer> from = x.dimensions().subList(1, x.dimensions().size());
    List<Integer> to = new ArrayList<>();
    c.path("target_shape").forEach(s -> to.add(s.asInt()));
    long all = from.stream().mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    long rest = to.stream().filter(s -> s != -1).mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    int missing = to.indexOf(-1);
    if (missing >= 0 && rest > 0 && all > 0) to.set(missing, (int) (all / rest));
    if (to.equals(from)) return mapped(x);
    if (to.size() == 1) return mapped(builder.flatten(name, x));
    int n = to.size() - 1;
    boolean pixel = to.get(n) == all && to.subList(0, n).stream().allMatch(s -> s == 1);
    if (pixel && x.rows().isEmpty()) {
      Feature row = x.isMap() ? builder.flatten(name, x) : x;
      return mapped(row.withOnes(n).seenChannelsLast(true));
    }
    return Value.Cut.behind(inputs, "layer " + name, Unsupported.RESHAPING);
  }
}
