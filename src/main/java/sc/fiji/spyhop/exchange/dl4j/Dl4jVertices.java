package sc.fiji.spyhop.exchange.dl4j;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
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
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.network.Windows;
import sc.fiji.spyhop.weights.Weights;

/**
 * Gathers the vertices of a ComputationGraph and their parameters, layer by layer. Each visit adds
 * those of a layer, and returns the name of the last, which is the layer's own.
 */
public class Dl4jVertices implements Layer.Visitor<String> {

  private static final String ACTIVATIONS = "org.nd4j.linalg.activations.impl.Activation";
  private static final List<Integer> NONE = List.of(0, 0);

  private final ObjectNode vertices = JsonNodeFactory.instance.objectNode();
  private final ObjectNode inputs = JsonNodeFactory.instance.objectNode();
  private final Coefficients.Writer coefficients = new Coefficients.Writer();
  private final Set<String> names = new HashSet<>();
  private final Network network;
  private final Weights weights;
  private final Map<String, Shape> shapes;

  /**
   * Starts with no vertices.
   *
   * @param weights of the network
   */
  public Dl4jVertices(Network network, Weights weights) {
    this.network = network;
    this.weights = weights;
    this.shapes = Shapes.of(network);
    network.inputs().forEach(i -> names.add(i.name()));
    network.layers().forEach(l -> names.add(l.name()));
  }

  /** Those gathered, by name. */
  protected final ObjectNode vertices() {
    return vertices;
  }

  /** Names of what feeds them, by name. */
  protected final ObjectNode inputs() {
    return inputs;
  }

  final Coefficients.Writer coefficients() {
    return coefficients;
  }

  /** Takes up the next of the parameters. */
  protected final void parameters(float[] values) {
    coefficients.add(values);
  }

  /** All parameters, in the order of the vertices. */
  public final float[] parameters() {
    return coefficients.all();
  }

  /**
   * The ComputationGraphConfiguration of what was gathered.
   *
   * @param outputs names of vertices
   */
  public final ObjectNode configuration(List<String> outputs) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode inputNames = root.putArray("networkInputs");
    ArrayNode order = root.putArray("topologicalOrder");
    ArrayNode sorted = root.putArray("topologicalOrderStr");
    network.inputs().forEach(i -> inputNames.add(i.name()));
    network.inputs().forEach(i -> sorted.add(i.name()));
    vertices.fieldNames().forEachRemaining(sorted::add);
    for (int i = 0; i < sorted.size(); i++) order.add(i);
    outputs.forEach(root.putArray("networkOutputs")::add);
    root.put("dataType", "FLOAT");
    root.put("validateOutputLayerConfig", false);
    root.set("defaultConfiguration", settings());
    root.set("vertexInputs", inputs);
    root.set("vertices", vertices);
    return root;
  }

  // -- JSON --

  /** A JSON object of a class of Deeplearning4j, by its full name. */
  protected static ObjectNode of(String type) {
    return JsonNodeFactory.instance.objectNode().put("@class", type);
  }

  private static ArrayNode list(Iterable<Integer> numbers) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    numbers.forEach(list::add);
    return list;
  }

  private static ObjectNode function(String name) {
    return of(ACTIVATIONS + name);
  }

  /** What Deeplearning4j keeps beside each layer, as its builder leaves it. */
  private static ObjectNode settings() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("dataType", "FLOAT")
        .put("miniBatch", true)
        .put("minimize", true)
        .put("optimizationAlgo", "STOCHASTIC_GRADIENT_DESCENT");
  }

  private static ObjectNode layer(String type) {
    return of(Dl4jGraph.PACKAGE + "layers." + type);
  }

  /** A layer that has parameters, and learns by plain gradient descent unless told otherwise. */
  private static ObjectNode trained(String type, int channels, int outputs) {
    ObjectNode layer = layer(type).put("nin", channels).put("nout", outputs);
    layer.set("activationFn", function("Identity"));
    layer.set("iupdater", of("org.nd4j.linalg.learning.config.Sgd").put("learningRate", 1e-3));
    layer.set("weightInitFn", of("org.deeplearning4j.nn.weights.WeightInitXavier"));
    layer.putArray("regularization");
    layer.putArray("regularizationBias");
    return layer;
  }

  private static ObjectNode windows(
      ObjectNode layer, List<Integer> kernel, List<Integer> stride, List<Integer> zeros) {
    layer.set("kernelSize", list(kernel));
    layer.set("stride", list(stride));
    layer.set("padding", list(zeros));
    return layer.put("convolutionMode", "Truncate");
  }

  // -- Vertices --

  private String vertex(String name, List<String> sources, String type, ObjectNode config) {
    ObjectNode vertex = of(Dl4jGraph.PACKAGE + "graph." + type);
    vertex.setAll(config);
    vertices.set(name, vertex);
    ArrayNode from = inputs.putArray(name);
    sources.forEach(from::add);
    return name;
  }

  private String add(String name, String source, ObjectNode layer) {
    return add(name, source, layer, settings());
  }

  private String add(String name, String source, ObjectNode layer, ObjectNode conf) {
    layer.put("layerName", name);
    conf.set("layer", layer);
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.set("layerConf", conf);
    return vertex(
        name,
        List.of(source),
        "LayerVertex",
        config.put("outputVertex", network.outputs().contains(name)));
  }

  /** A name for what a layer takes besides. */
  protected final String besides(Layer layer, String what) {
    String name = layer.name() + "_" + what;
    for (int i = 2; !names.add(name); i++) name = layer.name() + "_" + what + i;
    return name;
  }

  private String processed(String name, String source, String type, Shape map) {
    ObjectNode process =
        of(Dl4jGraph.PACKAGE + "preprocessor." + type)
            .put("numChannels", map.channels())
            .put("inputHeight", map.rank() == 0 ? 1 : map.space().get(0))
            .put("inputWidth", map.rank() == 0 ? 1 : map.space().get(1));
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.set("preProcessor", process);
    return vertex(name, List.of(source), "PreprocessorVertex", config);
  }

  private SpyhopException none(Layer layer, String what) {
    return new SpyhopException(
        "layer "
            + layer.name()
            + ": Deeplearning4j has no layer for "
            + what
            + ". Export the network as ONNX (--onnx) instead.");
  }

  private void requirePlane(Layer layer, int rank) {
    if (rank != 2) throw none(layer, layer.description() + " of " + rank + " dimensions");
  }

  private float[] part(Layer layer, String name) {
    return weights.get(layer.name() + "." + name).data();
  }

  private void kernelBehindBias(Weighted layer, float[] kernel) {
    if (layer.bias()) coefficients.add(part(layer, "bias"));
    coefficients.add(kernel);
  }

  // -- Windows that move over a map --

  /**
   * Zeros around a map by a layer of their own, where they differ before and behind.
   *
   * @return what feeds the layer
   */
  private String padded(Layer layer, Padding padding) {
    if (isEven(padding)) return layer.input();
    return zeros(layer, padding);
  }

  private String zeros(Layer layer, Padding p) {
    ObjectNode zeros = layer("ZeroPaddingLayer");
    zeros.set("padding", list(List.of(p.before(0), p.after(0), p.before(1), p.after(1))));
    return add(besides(layer, "zeros"), layer.input(), zeros);
  }

  private static boolean isEven(Padding p) {
    return p.before(0) == p.after(0) && p.before(1) == p.after(1);
  }

  private static List<Integer> even(Padding p) {
    return isEven(p) ? List.of(p.before(0), p.before(1)) : NONE;
  }

  private static ObjectNode bordered(ObjectNode layer, Padding padding) {
    return padding == Padding.SAME ? layer.put("convolutionMode", "Same") : layer;
  }

  @Override
  public String visit(Convolution l) {
    requirePlane(l, l.kernel().size());
    String source = padded(l, l.padding());
    if (l.groups() == 1) {
      kernelBehindBias(l, part(l, "weight"));
      return add(
          l.name(),
          source,
          convolution(l, "ConvolutionLayer", l.channels(), l.filters(), l.bias()));
    }
    if (l.groups() == l.channels()) {
      int space = l.kernel().get(0) * l.kernel().get(1);
      kernelBehindBias(l, Orders.transposed(part(l, "weight"), l.filters(), space));
      ObjectNode layer =
          convolution(l, "DepthwiseConvolution2D", l.channels(), l.filters(), l.bias());
      return add(l.name(), source, layer.put("depthMultiplier", l.filters() / l.channels()));
    }
    return grouped(l, source);
  }

  private static ObjectNode convolution(
      Convolution l, String type, int channels, int filters, boolean bias) {
    ObjectNode layer =
        windows(trained(type, channels, filters), l.kernel(), l.stride(), even(l.padding()));
    layer.set("dilation", list(l.dilation()));
    return bordered(layer.put("hasBias", bias), l.padding());
  }

  /** A convolution for each group of channels, joined. */
  private String grouped(Convolution l, String source) {
    int channels = l.channels() / l.groups();
    int filters = l.filters() / l.groups();
    float[] kernel = part(l, "weight");
    List<String> parts = new ArrayList<>();
    for (int g = 0; g < l.groups(); g++) {
      ObjectNode range =
          JsonNodeFactory.instance
              .objectNode()
              .put("from", g * channels)
              .put("to", (g + 1) * channels - 1);
      String chosen = vertex(besides(l, "channels"), List.of(source), "SubsetVertex", range);
      if (l.bias()) coefficients.add(Orders.part(part(l, "bias"), g, l.groups()));
      coefficients.add(Orders.part(kernel, g, l.groups()));
      parts.add(
          add(
              besides(l, "group"),
              chosen,
              convolution(l, "ConvolutionLayer", channels, filters, l.bias())));
    }
    return merged(l.name(), parts);
  }

  @Override
  public String visit(TransposedConvolution l) {
    requirePlane(l, l.kernel().size());
    kernelBehindBias(l, part(l, "weight"));
    ObjectNode layer =
        windows(
            trained("Deconvolution2D", l.channels(), l.filters()), l.kernel(), l.stride(), NONE);
    layer.put("hasBias", l.bias()).set("dilation", list(List.of(1, 1)));
    List<Integer> crop = new ArrayList<>();
    for (int d = 0; d < 2; d++) {
      Windows.Placed surplus = l.windows(d).over(l.stride().get(d));
      boolean same = l.padding() == Padding.SAME;
      crop.add(same ? surplus.before() : l.padding().before(d));
      crop.add(same ? surplus.beyond() : l.padding().after(d));
    }
    if (crop.stream().allMatch(c -> c == 0)) return add(l.name(), l.input(), layer);
    String whole = add(besides(l, "whole"), l.input(), layer);
    ObjectNode cropping = layer("convolutional.Cropping2D");
    cropping.set("cropping", list(crop));
    return add(l.name(), whole, cropping);
  }

  @Override
  public String visit(Pooling l) {
    requirePlane(l, l.kernel().size());
    Padding padding = l.padding();
    if (l.ceilMode() && !endsTheSame(l)) throw none(l, "pooling in ceil mode");
    boolean counted = l.countIncludePad() && l.kind() == PoolingKind.AVERAGE;
    if (!counted && !isEven(padding)) throw none(l, "pooling with " + padding.description());
    String source = counted ? zeros(l, padding) : l.input();
    ObjectNode layer =
        windows(
            layer("SubsamplingLayer").put("poolingType", kind(l.kind())),
            l.kernel(),
            l.stride(),
            counted ? NONE : even(padding));
    layer.set("dilation", list(List.of(1, 1)));
    return add(l.name(), source, bordered(layer, padding));
  }

  /** Whether ceil mode makes no difference to maps of this size. */
  private boolean endsTheSame(Pooling l) {
    Shape in = shapes.get(l.input());
    if (!in.isFixed()) return false;
    for (int d = 0; d < in.rank(); d++) {
      Windows w = l.windows(d);
      int size = in.space().get(d);
      Windows floor = new Windows(w.extent(), w.stride(), w.same(), w.before(), w.after(), false);
      if (floor.over(size).count() != w.over(size).count()) return false;
    }
    return true;
  }

  private static String kind(PoolingKind kind) {
    return kind == PoolingKind.MAX ? "MAX" : "AVG";
  }

  @Override
  public String visit(GlobalPooling l) {
    requirePlane(l, shapes.get(l.input()).rank());
    ObjectNode layer = layer("GlobalPoolingLayer").put("poolingType", kind(l.kind()));
    layer.set("poolingDimensions", list(List.of(2, 3)));
    return add(l.name(), l.input(), layer.put("collapseDimensions", true));
  }

  @Override
  public String visit(Upsampling l) {
    requirePlane(l, l.factor().size());
    if (l.interpolation() != Interpolation.NEAREST) throw none(l, l.description());
    ObjectNode layer = layer("Upsampling2D");
    layer.set("size", list(l.factor()));
    return add(l.name(), l.input(), layer);
  }

  // -- Others --

  @Override
  public String visit(BatchNorm l) {
    Stream.of("weight", "bias", "running_mean", "running_var")
        .forEach(p -> coefficients.add(part(l, p)));
    ObjectNode layer = trained("BatchNormalization", l.channels(), l.channels());
    layer.put("eps", l.epsilon()).put("decay", l.momentum()).put("minibatch", true);
    layer.put("useLogStd", false);
    // by the names of the parameters it tells variances from logarithms, whatever is set
    ObjectNode conf = settings();
    Stream.of("gamma", "beta", "mean", "var").forEach(conf.putArray("variables")::add);
    return add(l.name(), l.input(), layer, conf);
  }

  @Override
  public String visit(Activation l) {
    return switch (l.function()) {
      case IDENTITY -> activation(l, function("Identity"));
      case RELU -> activation(l, function("ReLU"));
      case LEAKY_RELU -> activation(l, function("LReLU").put("alpha", 0.01));
      case TANH -> activation(l, function("TanH"));
      case SIGMOID -> activation(l, function("Sigmoid"));
      case SOFTMAX -> softmax(l);
      case RELU6 -> activation(l, function("ReLU6"));
      case ELU -> activation(l, function("ELU").put("alpha", 1.0));
      case SWISH -> activation(l, function("Swish"));
      case HARD_SIGMOID -> hardSigmoid(l, l.name());
      case MISH -> activation(l, function("Mish"));
      case GELU -> throw none(l, "GELU, but for approximations");
      case HARD_SWISH -> {
        String gate = hardSigmoid(l, besides(l, "gate"));
        yield elementWise(l.name(), List.of(l.input(), gate), "Product");
      }
    };
  }

  private String activation(Activation l, ObjectNode function) {
    return activation(l.name(), l.input(), function);
  }

  private String activation(String name, String source, ObjectNode function) {
    ObjectNode layer = layer("ActivationLayer");
    layer.set("activationFn", function);
    return add(name, source, layer);
  }

  /** Deeplearning4j's has a slope of 0.2, ours of 1 / 6. */
  private String hardSigmoid(Activation l, String name) {
    ObjectNode scale = JsonNodeFactory.instance.objectNode().put("scaleFactor", 5 / 6.0);
    String scaled = vertex(besides(l, "scaled"), List.of(l.input()), "ScaleVertex", scale);
    return activation(name, scaled, function("HardSigmoid"));
  }

  /** Of a map it takes a layer with a loss: that of others is over columns. */
  private String softmax(Activation l) {
    boolean isMap = shapes.get(l.input()).rank() > 0;
    if (isMap) requirePlane(l, shapes.get(l.input()).rank());
    boolean isOutput = network.outputs().contains(l.name());
    if (!isMap && !isOutput) return activation(l, function("Softmax"));
    ObjectNode layer = layer(isMap ? "CnnLossLayer" : "LossLayer");
    layer.set("activationFn", function("Softmax"));
    layer.set("lossFn", of("org.nd4j.linalg.lossfunctions.impl.LossMCXENT"));
    return add(l.name(), l.input(), layer);
  }

  @Override
  public String visit(Dense l) {
    coefficients.add(part(l, "weight"));
    if (l.bias()) coefficients.add(part(l, "bias"));
    ObjectNode layer = trained("DenseLayer", l.features(), l.units());
    return add(l.name(), l.input(), layer.put("hasBias", l.bias()));
  }

  @Override
  public String visit(Dropout l) {
    ObjectNode layer = layer("DropoutLayer");
    layer.set("idropout", of(Dl4jGraph.PACKAGE + "dropout.Dropout").put("p", 1 - l.rate()));
    return add(l.name(), l.input(), layer);
  }

  @Override
  public String visit(Concat l) {
    return merged(l.name(), l.inputs());
  }

  private String merged(String name, List<String> sources) {
    ObjectNode config = JsonNodeFactory.instance.objectNode().put("mergeAxis", 1);
    return vertex(name, sources, "MergeVertex", config);
  }

  @Override
  public String visit(Add l) {
    return elementWise(l, "Add");
  }

  @Override
  public String visit(Multiply l) {
    return elementWise(l, "Product");
  }

  /** Vectors beside maps get the dimensions that they lack. */
  private String elementWise(Layer l, String op) {
    boolean ofMap = shapes.get(l.input()).rank() > 0;
    List<String> sources = new ArrayList<>();
    for (String source : l.inputs()) {
      Shape shape = shapes.get(source);
      boolean isVector = ofMap && shape.rank() == 0;
      sources.add(
          isVector
              ? processed(besides(l, "factors"), source, "FeedForwardToCnnPreProcessor", shape)
              : source);
    }
    return elementWise(l.name(), sources, op);
  }

  private String elementWise(String name, List<String> sources, String op) {
    ObjectNode config = JsonNodeFactory.instance.objectNode().put("op", op);
    return vertex(name, sources, "ElementWiseVertex", config);
  }

  @Override
  public String visit(Flatten l) {
    Shape map = shapes.get(l.input());
    requirePlane(l, map.rank());
    return processed(l.name(), l.input(), "CnnToFeedForwardPreProcessor", map);
  }

  @Override
  public String visit(PRelu l) {
    if (!l.space().isEmpty()) throw none(l, "PReLU with a slope for each place");
    coefficients.add(part(l, "weight"));
    boolean isMap = shapes.get(l.input()).rank() > 0;
    if (isMap) requirePlane(l, shapes.get(l.input()).rank());
    ObjectNode layer = trained("PReLULayer", l.channels(), l.channels());
    layer.set("inputShape", list(isMap ? List.of(l.channels(), 1, 1) : List.of(l.channels())));
    if (isMap) layer.set("sharedAxes", list(List.of(2, 3)));
    return add(l.name(), l.input(), layer);
  }

  @Override
  public String visit(LocalResponseNorm l) {
    requirePlane(l, shapes.get(l.input()).rank());
    ObjectNode layer = layer("LocalResponseNormalization").put("n", l.size()).put("k", l.k());
    layer.put("alpha", l.alpha() / l.size()).put("beta", l.beta());
    return add(l.name(), l.input(), layer);
  }

  @Override
  public String visit(Pad l) {
    requirePlane(l, l.before().size());
    List<Integer> around =
        List.of(l.before().get(0), l.after().get(0), l.before().get(1), l.after().get(1));
    boolean crops = around.stream().allMatch(p -> p <= 0);
    boolean zeros = l.mode() == Pad.Mode.ZEROS && around.stream().allMatch(p -> p >= 0);
    if (!crops && !zeros) throw none(l, l.description());
    ObjectNode layer = layer(crops ? "convolutional.Cropping2D" : "ZeroPaddingLayer");
    layer.set(crops ? "cropping" : "padding", list(around.stream().map(Math::abs).toList()));
    return add(l.name(), l.input(), layer);
  }

  @Override
  public String visit(Resizing l) {
    throw none(l, l.description());
  }

  @Override
  public String visit(SelectChannels l) {
    if (!l.isRange()) throw none(l, l.description());
    int first = l.channels().get(0);
    ObjectNode range =
        JsonNodeFactory.instance
            .objectNode()
            .put("from", first)
            .put("to", first + l.channels().size() - 1);
    return vertex(l.name(), List.of(l.input()), "SubsetVertex", range);
  }

  @Override
  public String visit(PixelShuffle l) {
    throw none(l, l.description());
  }

  @Override
  public String visit(GroupNorm l) {
    throw none(l, l.description());
  }

  @Override
  public String visit(LayerNorm l) {
    throw none(l, l.description());
  }

  @Override
  public String visit(Formula l) {
    throw none(l, "formulas such as " + l.description());
  }

  @Override
  public String visit(PluginLayer l) {
    throw none(l, "what plugins bring, such as " + l.description());
  }

  @Override
  public String visit(OnnxGraph l) {
    throw l.refused();
  }
}
