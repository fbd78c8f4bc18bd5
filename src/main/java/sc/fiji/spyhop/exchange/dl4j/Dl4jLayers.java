package sc.fiji.spyhop.exchange.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.dl4j.Dl4jGraph.Vertex;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Window;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** What each type of Deeplearning4j's layers and vertices becomes, and the parameters it takes. */
final class Dl4jLayers {

  private static final String ACTIVATIONS = "org.nd4j.linalg.activations.impl.";
  private static final String DROPOUTS = Dl4jGraph.PACKAGE + "dropout.";

  /** All that a network may be of; whatever else a file names is refused. */
  static final Set<String> KNOWN =
      Set.of(
          "layers.ConvolutionLayer",
          "layers.Convolution2D",
          "layers.DepthwiseConvolution2D",
          "layers.SeparableConvolution2D",
          "layers.Deconvolution2D",
          "layers.DenseLayer",
          "layers.OutputLayer",
          "layers.LossLayer",
          "layers.CnnLossLayer",
          "layers.ActivationLayer",
          "layers.DropoutLayer",
          "layers.BatchNormalization",
          "layers.LocalResponseNormalization",
          "layers.PReLULayer",
          "layers.SubsamplingLayer",
          "layers.Pooling2D",
          "layers.GlobalPoolingLayer",
          "layers.Upsampling2D",
          "layers.ZeroPaddingLayer",
          "layers.convolutional.Cropping2D",
          "graph.ElementWiseVertex",
          "graph.MergeVertex",
          "graph.ScaleVertex",
          "graph.ShiftVertex",
          "graph.SubsetVertex",
          "graph.PreprocessorVertex");

  /** What is done to values in training alone, and in prediction not. */
  private static final Set<String> NOISES =
      Set.of("AlphaDropout", "GaussianDropout", "GaussianNoise");

  private final GraphBuilder builder;
  private final Dl4jGraph graph;
  private final Coefficients.Reader parameters;

  Dl4jLayers(GraphBuilder builder, Dl4jGraph graph, Coefficients.Reader parameters) {
    this.builder = builder;
    this.graph = graph;
    this.parameters = parameters;
  }

  /**
   * Brings a layer over.
   *
   * @throws Unsupported if no layer of ours does that
   */
  Feature apply(Vertex vertex, List<Feature> in) throws IOException {
    String name = vertex.name();
    Settings s = new Settings(vertex.config());
    s.requireChannelsFirst();
    if (in.isEmpty()) throw new Unsupported("layer without an input");
    Feature x = preProcessed(vertex.preProcessor(), name, in.get(0));
    x = noisy(name, s, x);
    return switch (vertex.type()) {
      case "layers.ConvolutionLayer", "layers.Convolution2D" ->
          activated(name, s, convolution(name, s, x));
      case "layers.DepthwiseConvolution2D" -> activated(name, s, depthwise(name, s, x));
      case "layers.SeparableConvolution2D" -> activated(name, s, separable(name, s, x));
      case "layers.Deconvolution2D" -> activated(name, s, transposed(vertex, s, x));
      case "layers.DenseLayer", "layers.OutputLayer" -> activated(name, s, dense(name, s, x));
      case "layers.LossLayer", "layers.ActivationLayer" -> activated(name, s, x);
      case "layers.CnnLossLayer" -> function(name, x, s.json().path("activationFn"), true);
      case "layers.DropoutLayer" -> x;
      case "layers.BatchNormalization" -> batchNorm(name, s, x);
      case "layers.LocalResponseNormalization" -> {
        int size = 2 * ((int) s.number("n", 5) / 2) + 1;
        double alpha = s.number("alpha", 1e-4) * size;
        yield builder.localResponseNorm(
            name, x, size, alpha, s.number("beta", 0.75), s.number("k", 2));
      }
      case "layers.PReLULayer" -> prelu(name, s, x);
      case "layers.SubsamplingLayer", "layers.Pooling2D" -> pool(name, s, x);
      case "layers.GlobalPoolingLayer" ->
          builder.globalPool(name, x, kind(s), s.flag("collapseDimensions", true) ? 0 : 2);
      case "layers.Upsampling2D" ->
          builder.upsample(name, x, s.pair("size", List.of(1, 1)), Interpolation.NEAREST);
      case "layers.ZeroPaddingLayer" ->
          bordered(name, x, beforeAndAfter(s.sizes("padding", 4, List.of())));
      case "layers.convolutional.Cropping2D" -> cropped(vertex, s, x);
      case "graph.ElementWiseVertex" -> elementWise(name, s, in);
      case "graph.MergeVertex" -> {
        if (s.number("mergeAxis", 1) != 1) throw new Unsupported("mergeAxis other than channels");
        yield builder.concat(name, in);
      }
      case "graph.ScaleVertex" -> affine(name, x, s.number("scaleFactor", 1), 0);
      case "graph.ShiftVertex" -> affine(name, x, 1, s.number("shiftFactor", 0));
      case "graph.SubsetVertex" -> subset(name, x, s.count("from"), s.count("to"));
      case "graph.PreprocessorVertex" -> preProcessed(s.json().path("preProcessor"), name, x);
      default -> throw Unsupported.noCounterpart();
    };
  }

  private Feature affine(String name, Feature x, double scale, double shift) {
    return builder.affine(name, x, new float[] {(float) scale}, new float[] {(float) shift});
  }

  // -- In front of layers --

  private Feature preProcessed(JsonNode told, String name, Feature x) {
    if (told.isMissingNode() || told.isNull()) return x;
    Settings s = new Settings(told);
    s.requireChannelsFirst();
    List<Integer> map =
        List.of(1, s.count("numChannels"), s.count("inputHeight"), s.count("inputWidth"));
    return switch (Dl4jGraph.type(told)) {
      case "preprocessor.CnnToFeedForwardPreProcessor" -> {
        Feature flat = builder.flatten(name + "_flatten", x);
        if (x.isMap() && !x.dimensions().equals(map)) throw otherSize(map, x);
        yield flat;
      }
      case "preprocessor.FeedForwardToCnnPreProcessor" -> {
        Feature seen = x.isMap() ? x : x.withOnes(2);
        if (!seen.dimensions().equals(map)) throw otherSize(map, x);
        yield seen;
      }
      default -> throw new Unsupported(Strings.visible(told.path("@class").asText()));
    };
  }

  private static Unsupported otherSize(List<Integer> map, Feature x) {
    return new Unsupported(
        Strings.format(
            "made for maps of %s, but it receives %s; say which size images are brought to, at the end of how they are prepared, such as \"stretch 224\"",
            map.subList(1, 4), x.shape()));
  }

  private Feature noisy(String name, Settings s, Feature x) {
    JsonNode told = s.json().path("idropout");
    if (told.isMissingNode() || told.isNull()) return x;
    String type = told.path("@class").asText();
    String kind = type.startsWith(DROPOUTS) ? type.substring(DROPOUTS.length()) : "";
    if (NOISES.contains(kind)) return x;
    if (!kind.equals("Dropout") && !kind.equals("SpatialDropout")) {
      throw new Unsupported(Strings.visible(type));
    }
    return builder.dropout(name + "_dropout", x, 1 - told.path("p").asDouble(1));
  }

  // -- Layers with parameters, the bias of maps in front --

  private Optional<float[]> bias(Settings s, int outputs) throws IOException {
    return s.hasBias() ? Optional.of(parameters.next(outputs)) : Optional.empty();
  }

  private Tensor kernel(Axes axes, Window window, int first, int second) throws IOException {
    int rows = window.kernel().get(0);
    int columns = window.kernel().get(1);
    float[] values = parameters.next(product(first, second, rows, columns));
    return new Tensor(axes, new int[] {first, second, rows, columns}, values);
  }

  private static long product(int... sizes) {
    long product = 1;
    for (int size : sizes) {
      if (size < 1) throw new Unsupported("sizes of " + Arrays.toString(sizes));
      product = Math.multiplyExact(product, (long) size);
    }
    return product;
  }

  private Feature convolution(String name, Settings s, Feature x) throws IOException {
    int filters = s.count("nout");
    Optional<float[]> bias = bias(s, filters);
    Tensor w = kernel(Axes.OIHW, s.window(), filters, s.count("nin"));
    return builder.convolution(name, x, w, bias, s.window(), 1);
  }

  /** Kernels [row, column, channel, multiplier]. */
  private Feature depthwise(String name, Settings s, Feature x) throws IOException {
    int filters = Math.multiplyExact(s.count("nin"), s.count("depthMultiplier"));
    Optional<float[]> bias = bias(s, filters);
    List<Integer> kernel = s.window().kernel();
    int space = Math.multiplyExact(kernel.get(0), kernel.get(1));
    float[] w = Orders.transposed(parameters.next(product(space, filters)), space, filters);
    return depthwise(name, s, x, w, bias);
  }

  private Feature depthwise(String name, Settings s, Feature x, float[] w, Optional<float[]> bias) {
    List<Integer> kernel = s.window().kernel();
    int filters = w.length / kernel.get(0) / kernel.get(1);
    int[] shape = {filters, 1, kernel.get(0), kernel.get(1)};
    Tensor weight = new Tensor(Axes.OIHW, shape, w);
    return builder.convolution(name, x, weight, bias, s.window(), x.shape().channels());
  }

  /** Kernels [multiplier, channel, row, column], then of one pixel [filters, channels, 1, 1]. */
  private Feature separable(String name, Settings s, Feature x) throws IOException {
    int channels = s.count("nin");
    int times = s.count("depthMultiplier");
    int filters = s.count("nout");
    Optional<float[]> bias = bias(s, filters);
    Tensor depth = kernel(Axes.OIHW, s.window(), times, channels);
    int space = depth.size(2) * depth.size(3);
    float[] ordered = new float[depth.data().length];
    for (int i = 0; i < times * channels; i++) {
      int to = i % channels * times + i / channels;
      System.arraycopy(depth.data(), i * space, ordered, to * space, space);
    }
    List<Integer> one = List.of(1, 1);
    Window point = new Window(one, one, one, Border.none(2));
    Tensor points = kernel(Axes.OIHW, point, filters, Math.multiplyExact(channels, times));
    Feature middle = depthwise(name + "_depthwise", s, x, ordered, Optional.empty());
    return builder.convolution(name, middle, points, bias, point, 1);
  }

  private Feature transposed(Vertex vertex, Settings s, Feature x) throws IOException {
    s.requireNoDilation();
    int filters = s.count("nout");
    Optional<float[]> bias = bias(s, filters);
    Window window = s.window();
    Tensor w = kernel(Axes.IOHW, window, s.count("nin"), filters);
    Border border = window.border();
    Optional<Settings> crop = cropBehind(vertex);
    if (crop.isPresent()) {
      if (!(border instanceof Border.Zeros zeros)) throw new Unsupported("cropping behind Same");
      List<Integer> c = beforeAndAfter(crop.get().sizes("cropping", 4, List.of()));
      border =
          new Border.Zeros(
              List.of(zeros.before().get(0) + c.get(0), zeros.before().get(1) + c.get(1)),
              List.of(zeros.after().get(0) + c.get(2), zeros.after().get(1) + c.get(3)));
    }
    return builder.transposedConvolution(vertex.name(), x, w, bias, window.stride(), border);
  }

  /** What is cropped from a layer that nothing else sees. */
  private Optional<Settings> cropBehind(Vertex vertex) {
    List<Vertex> readers = graph.readers(vertex.name());
    boolean only =
        readers.size() == 1
            && readers.get(0).type().equals("layers.convolutional.Cropping2D")
            && !graph.outputs().contains(vertex.name());
    return only ? Optional.of(new Settings(readers.get(0).config())) : Optional.empty();
  }

  private Feature cropped(Vertex vertex, Settings s, Feature x) {
    List<Integer> crop = s.sizes("cropping", 4, List.of());
    if (crop.stream().allMatch(c -> c == 0)) return x;
    Vertex before = graph.vertices().get(vertex.inputs().get(0));
    boolean done =
        before != null
            && before.type().equals("layers.Deconvolution2D")
            && cropBehind(before).isPresent();
    if (done) return x;
    return bordered(vertex.name(), x, beforeAndAfter(crop).stream().map(c -> -c).toList());
  }

  private Feature bordered(String name, Feature x, List<Integer> sides) {
    return builder.pad(name, x, sides.subList(0, 2), sides.subList(2, 4), Pad.Mode.ZEROS);
  }

  /** From [top, bottom, left, right] to [top, left, bottom, right]. */
  private static List<Integer> beforeAndAfter(List<Integer> told) {
    if (told.isEmpty()) throw new Unsupported("sizes that are missing");
    return List.of(told.get(0), told.get(2), told.get(1), told.get(3));
  }

  private Feature dense(String name, Settings s, Feature x) throws IOException {
    if (s.flag("hasLayerNorm", false)) throw new Unsupported("hasLayerNorm");
    int features = s.count("nin");
    int units = s.count("nout");
    // [features, units] in the order of Fortran is [units, features] in that of C
    float[] w = parameters.next(product(features, units));
    Tensor weight = new Tensor(Axes.OI, new int[] {units, features}, w);
    return builder.dense(name, x, weight, bias(s, units));
  }

  private Feature batchNorm(String name, Settings s, Feature x) throws IOException {
    int n = s.count("nout");
    boolean locked = s.flag("lockGammaBeta", false);
    float[] gamma = locked ? filled(s.number("gamma", 1), n) : parameters.next(n);
    float[] beta = locked ? filled(s.number("beta", 0), n) : parameters.next(n);
    float[] mean = parameters.next(n);
    float[] variance = parameters.next(n);
    if (s.flag("useLogStd", false)) {
      for (int i = 0; i < n; i++) variance[i] = (float) Math.pow(10, 2.0 * variance[i]);
    }
    return builder.batchNorm(name, x, gamma, beta, mean, variance, s.number("eps", 1e-5));
  }

  private static float[] filled(double value, int n) {
    float[] all = new float[(int) product(n)];
    Arrays.fill(all, (float) value);
    return all;
  }

  private Feature prelu(String name, Settings s, Feature x) throws IOException {
    JsonNode shape = s.json().path("inputShape");
    Set<Integer> shared = new HashSet<>();
    s.json().path("sharedAxes").forEach(a -> shared.add(a.asInt()));
    for (int axis = 2; axis <= shape.size(); axis++) {
      if (!shared.contains(axis) && shape.get(axis - 1).asInt() != 1) {
        throw new Unsupported("slopes for each pixel, not one for each channel");
      }
    }
    boolean one = shared.contains(1);
    return builder.leakyRelu(name, x, parameters.next(one ? 1 : x.shape().channels()));
  }

  // -- Layers without --

  private static PoolingKind kind(Settings s) {
    return switch (s.word("poolingType", "")) {
      case "MAX" -> PoolingKind.MAX;
      case "AVG" -> PoolingKind.AVERAGE;
      default -> throw new Unsupported("poolingType " + Strings.visible(s.word("poolingType", "")));
    };
  }

  private Feature pool(String name, Settings s, Feature x) {
    s.requireNoDilation();
    boolean counts = s.flag("avgPoolIncludePadInDivisor", false);
    if (counts && kind(s) == PoolingKind.AVERAGE && s.window().border() instanceof Border.Same) {
      throw new Unsupported("averages that count the zeros of convolutionMode Same");
    }
    return builder.pool(name, x, kind(s), s.window(), false, counts);
  }

  private Feature elementWise(String name, Settings s, List<Feature> in) {
    String op = s.word("op", "");
    return switch (op) {
      case "Add" -> builder.add(name, in);
      case "Product" -> builder.multiply(name, in);
      case "Average" -> affine(name, builder.add(name + "_sum", in), 1.0 / in.size(), 0);
      default -> throw new Unsupported("op " + Strings.visible(op));
    };
  }

  /** Some of the channels, chosen by a matrix of zeros and ones. */
  private Feature subset(String name, Feature x, int from, int to) {
    int channels = x.shape().channels();
    if (from < 0 || to < from || to >= channels) {
      throw new Unsupported("channels " + from + " to " + to + " of " + x.shape());
    }
    return builder.select(name, x, IntStream.rangeClosed(from, to).boxed().toList());
  }

  private Feature activated(String name, Settings s, Feature x) {
    return function(name + "_activation", x, s.json().path("activationFn"), !x.isMap());
  }

  /**
   * @param ofChannels whether a softmax is over channels; else it is over columns
   */
  private Feature function(String name, Feature x, JsonNode told, boolean ofChannels) {
    if (told.isMissingNode() || told.isNull()) return x;
    String type = told.path("@class").asText();
    Settings s = new Settings(told);
    String function = type.startsWith(ACTIVATIONS) ? type.substring(ACTIVATIONS.length()) : "";
    return switch (function) {
      case "ActivationIdentity" -> x;
      case "ActivationReLU" -> relu(name, s, x);
      case "ActivationReLU6" -> builder.activation(name, x, Function.RELU6);
      case "ActivationLReLU" -> builder.leakyRelu(name, x, (float) s.number("alpha", 0.01));
      case "ActivationELU" -> {
        if (s.number("alpha", 1) != 1) throw new Unsupported("ELU with alpha other than 1");
        yield builder.activation(name, x, Function.ELU);
      }
      case "ActivationSigmoid" -> builder.activation(name, x, Function.SIGMOID);
      case "ActivationTanH" -> builder.activation(name, x, Function.TANH);
      case "ActivationSwish" -> builder.activation(name, x, Function.SWISH);
      case "ActivationMish" -> builder.activation(name, x, Function.MISH);
      case "ActivationHardSigmoid" -> builder.hardSigmoid(name, x, 0.2, 0.5);
      case "ActivationSoftmax" -> {
        if (!ofChannels) throw new Unsupported("softmax over columns");
        yield builder.activation(name, x, Function.SOFTMAX);
      }
      default -> throw new Unsupported("activation " + Strings.visible(type));
    };
  }

  private Feature relu(String name, Settings s, Feature x) {
    double slope = s.number("negativeSlope", 0);
    double max = s.number("max", 0);
    if (s.number("threshold", 0) != 0) throw new Unsupported("threshold");
    if (max == 0) return builder.leakyRelu(name, x, (float) slope);
    if (max != 6 || slope != 0) throw new Unsupported("max " + max + ", negativeSlope " + slope);
    return builder.activation(name, x, Function.RELU6);
  }
}
