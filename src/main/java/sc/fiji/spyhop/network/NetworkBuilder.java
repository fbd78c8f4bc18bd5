package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;

/**
 * Builds a {@link Network} layer by layer. Each layer is fed by the one added before, unless {@link
 * #from} says otherwise, and takes its channels from there. Kernels, strides and factors given as
 * one number hold for every spatial dimension of the map. Layers without a name of their own are
 * named after the layer they follow: {@code conv1_bn}, {@code conv1_relu}.
 *
 * <pre>{@code
 * Network network =
 *     NetworkBuilder.image(1)
 *         .convolution("conv1", 16, 3).relu()
 *         .maxPool("pool1", 2)
 *         .convolution("conv2", 32, 3).relu()
 *         .upsample("up1", 2)
 *         .concat("cat1", "conv1_relu")
 *         .convolution("classes", 3, 1)
 *         .build();
 * }</pre>
 *
 * <p>Every method throws {@link SpyhopException} as soon as a layer does not fit.
 */
public final class NetworkBuilder {

  /** Added to the variance by {@link #batchNorm()}. */
  public static final double EPSILON = 1e-5;

  /** Share of its running statistics that {@link #batchNorm()} keeps at each step. */
  public static final double MOMENTUM = 0.9;

  private final List<Network.Input> inputs = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private String here;
  private String stem;
  private Padding padding = Padding.SAME;
  private boolean bias = true;

  private NetworkBuilder() {}

  /**
   * Starts with an input of any height and width, named {@code image}.
   *
   * @param channels of the image, at least 1
   */
  public static NetworkBuilder image(int channels) {
    return input("image", Shape.of(channels, Shape.ANY, Shape.ANY));
  }

  /**
   * Starts with an input of some shape.
   *
   * @param shape channels, then sizes, slowest first; {@link Shape#ANY} for any
   */
  public static NetworkBuilder input(String name, Shape shape) {
    return new NetworkBuilder().andInput(name, shape);
  }

  /** Adds another input and goes on from it. */
  public NetworkBuilder andInput(String name, Shape shape) {
    inputs.add(new Network.Input(name, shape));
    return at(name, shape);
  }

  /**
   * Goes on from a layer or input added before.
   *
   * @param name of a layer or input
   */
  public NetworkBuilder from(String name) {
    shape(name);
    here = name;
    stem = name;
    return this;
  }

  /** Name of the layer or input that the next layer will be fed by. */
  public String here() {
    return here;
  }

  /** Shape of what the next layer will be fed. */
  public Shape shape() {
    return shapes.get(here);
  }

  /** Padding of the convolutions that follow; SAME at first. */
  public NetworkBuilder padding(Padding kind) {
    padding = kind;
    return this;
  }

  /**
   * Pads the convolutions of this kernel and stride that follow by half the kernel on all sides, as
   * is usual in PyTorch.
   */
  NetworkBuilder padHalf(int kernel, int stride) {
    int pad = kernel / 2;
    boolean same = stride == 1 && kernel % 2 == 1 || kernel == 1;
    return padding(same ? Padding.SAME : Padding.of(pad, pad, pad, pad));
  }

  /** Whether the convolutions and dense layers that follow add a bias; true at first. */
  public NetworkBuilder bias(boolean add) {
    bias = add;
    return this;
  }

  /**
   * Convolution with stride 1.
   *
   * @param filters channels that come out
   * @param kernel side of the kernel, pixels
   */
  public NetworkBuilder convolution(String name, int filters, int kernel) {
    return convolution(name, filters, kernel, 1, 1);
  }

  /**
   * Convolution of all channels together, with steps of {@code stride} pixels and a kernel whose
   * values lie {@code dilation} pixels apart; 1 for neither.
   *
   * @param filters channels that come out
   * @param kernel side of the kernel, in values
   * @param stride in every dimension, at least 1
   * @param dilation in every dimension, at least 1
   */
  public NetworkBuilder convolution(
      String name, int filters, int kernel, int stride, int dilation) {
    return convolution(name, filters, kernel, stride, dilation, 1);
  }

  /**
   * Convolution of every channel by itself.
   *
   * @param kernel side of the kernel, pixels
   * @param stride in every dimension, at least 1
   */
  public NetworkBuilder depthwise(String name, int kernel, int stride) {
    int channels = shape().channels();
    return convolution(name, channels, kernel, stride, 1, channels);
  }

  /**
   * Convolution in groups, which have to divide the channels it is fed and the filters; see {@link
   * Convolution}.
   *
   * @param groups how many; as many as channels for a depthwise convolution
   */
  public NetworkBuilder convolution(
      String name, int filters, int kernel, int stride, int dilation, int groups) {
    return layer(
        new Convolution(
            name,
            here,
            shape().channels(),
            filters,
            all(kernel),
            all(stride),
            all(dilation),
            padding,
            bias,
            groups));
  }

  /**
   * Transposed convolution; under SAME padding sizes are multiplied by the stride.
   *
   * @param filters channels that come out
   * @param kernel side of the kernel, pixels
   * @param stride by how much maps grow, in every dimension
   */
  public NetworkBuilder transposedConvolution(String name, int filters, int kernel, int stride) {
    return layer(
        new TransposedConvolution(
            name, here, shape().channels(), filters, all(kernel), all(stride), padding, bias));
  }

  /** Batch normalisation with {@link #EPSILON} and {@link #MOMENTUM}. */
  public NetworkBuilder batchNorm() {
    return follow(new BatchNorm(unused("bn"), here, shape().channels(), EPSILON, MOMENTUM));
  }

  /** Batch normalisation with a name and an epsilon of its own. */
  public NetworkBuilder batchNorm(String name, double epsilon) {
    return layer(new BatchNorm(name, here, shape().channels(), epsilon, MOMENTUM));
  }

  /** Group normalization with {@link #EPSILON}. */
  public NetworkBuilder groupNorm(int groups) {
    return follow(new GroupNorm(unused("gn"), here, shape().channels(), groups, EPSILON));
  }

  /** Group normalization of each channel by itself, with {@link #EPSILON}. */
  public NetworkBuilder instanceNorm() {
    int channels = shape().channels();
    return follow(new GroupNorm(unused("in"), here, channels, channels, EPSILON));
  }

  /** Layer normalization over the channels of each place, with {@link #EPSILON}. */
  public NetworkBuilder layerNorm() {
    return follow(new LayerNorm(unused("ln"), here, shape().channels(), EPSILON));
  }

  /**
   * Local response normalisation over an odd number of channels, see {@link LocalResponseNorm}.
   *
   * @param size channels that count for each, odd
   */
  public NetworkBuilder localResponseNorm(int size, double alpha, double beta, double k) {
    return follow(new LocalResponseNorm(unused("lrn"), here, size, alpha, beta, k));
  }

  /** ReLU, named after the layer it follows, such as {@code conv1_relu}. */
  public NetworkBuilder relu() {
    return activation(Function.RELU);
  }

  /** A function named after the layer it follows, such as {@code conv1_sigmoid}. */
  public NetworkBuilder activation(Function function) {
    String suffix = function.name().toLowerCase(Locale.ROOT);
    return follow(new Activation(unused(suffix), here, function));
  }

  /**
   * A function of your own, such as {@code x*sigmoid(1.7*x)}; see {@link
   * sc.fiji.spyhop.expression.LayerFormula}.
   */
  public NetworkBuilder formula(String formula) {
    return follow(new Formula(unused("formula"), here, formula));
  }

  /** An activation with a name of its own, such as an output. */
  public NetworkBuilder activation(String name, Function function) {
    return layer(new Activation(name, here, function));
  }

  /**
   * Dropout, named after the layer it follows.
   *
   * @param rate share of values set to zero while training, in [0, 1)
   */
  public NetworkBuilder dropout(double rate) {
    return follow(new Dropout(unused("dropout"), here, rate));
  }

  /**
   * Maximum over windows side by side; what does not fill a window is left out.
   *
   * @param size side of the windows, and steps between them, pixels
   */
  public NetworkBuilder maxPool(String name, int size) {
    return pool(name, PoolingKind.MAX, size, size, Padding.VALID);
  }

  /**
   * Maximum or mean over square windows, {@code stride} pixels apart; see {@link Pooling}.
   *
   * @param kernel side of the windows, pixels
   * @param border what lies around the map
   */
  public NetworkBuilder pool(
      String name, PoolingKind kind, int kernel, int stride, Padding border) {
    return layer(new Pooling(name, here, kind, all(kernel), all(stride), border));
  }

  /**
   * Maximum over windows, of which the last may reach beyond the map.
   *
   * @param kernel side of the windows, pixels
   * @param stride from one window to the next, pixels
   */
  public NetworkBuilder maxPoolCeil(String name, int kernel, int stride) {
    return layer(
        new Pooling(
            name, here, PoolingKind.MAX, all(kernel), all(stride), Padding.VALID, true, false));
  }

  /** The maximum or mean of each channel of a map, as a vector. */
  public NetworkBuilder globalPool(String name, PoolingKind kind) {
    return layer(new GlobalPooling(name, here, kind));
  }

  /**
   * Enlarges by repeating pixels.
   *
   * @param factor at least 1, in every dimension
   */
  public NetworkBuilder upsample(String name, int factor) {
    return upsample(name, factor, Interpolation.NEAREST);
  }

  /** Enlarges by a whole factor along every dimension. */
  public NetworkBuilder upsample(String name, int factor, Interpolation interpolation) {
    return layer(new Upsampling(name, here, all(factor), interpolation));
  }

  /** Makes a vector of a map, whose size has to be fixed; channel slowest. */
  public NetworkBuilder flatten(String name) {
    return layer(new Flatten(name, here));
  }

  /**
   * A fully connected layer on a vector; with a bias unless {@link #bias} says otherwise.
   *
   * @param units values that come out
   */
  public NetworkBuilder dense(String name, int units) {
    return layer(new Dense(name, here, shape().channels(), units, bias));
  }

  /**
   * Joins the channels of the layer before and of others, in this order.
   *
   * @param others names of layers or inputs of the same sizes
   */
  public NetworkBuilder concat(String name, String... others) {
    return layer(new Concat(name, hereAnd(others)));
  }

  /**
   * Adds the layer before and others up, element by element.
   *
   * @param others names of layers or inputs, at least one
   */
  public NetworkBuilder add(String name, String... others) {
    return layer(new Add(name, hereAnd(others)));
  }

  /** Multiplies the layer before by others: maps of its shape, or one value for each channel. */
  public NetworkBuilder multiply(String name, String... others) {
    return layer(new Multiply(name, hereAnd(others)));
  }

  /** Any layer, fed by whatever it names. */
  public NetworkBuilder layer(Layer layer) {
    follow(layer);
    stem = layer.name();
    return this;
  }

  /** The network whose only output is the last layer. */
  public Network build() {
    return build(here);
  }

  /**
   * The network with these outputs, in this order.
   *
   * @param outputs names of layers
   */
  public Network build(String... outputs) {
    return new Network(inputs, layers, List.of(outputs));
  }

  NetworkBuilder follow(Layer layer) {
    Shape shape = Shapes.after(layer, layer.inputs().stream().map(this::shape).toList());
    String before = stem;
    at(layer.name(), shape);
    layers.add(layer);
    stem = before;
    return this;
  }

  private NetworkBuilder at(String name, Shape shape) {
    if (shapes.putIfAbsent(name, shape) != null) {
      throw new SpyhopException("network: the name " + name + " is used twice");
    }
    here = name;
    stem = name;
    return this;
  }

  private Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new SpyhopException("network: no layer or input is named " + name + " yet");
    }
    return shape;
  }

  private List<Integer> all(int size) {
    return Collections.nCopies(Math.max(1, shape().rank()), size);
  }

  private List<String> hereAnd(String... others) {
    return Stream.concat(Stream.of(here), Stream.of(others)).toList();
  }

  String unused(String suffix) {
    String name = stem + "_" + suffix;
    for (int i = 2; shapes.containsKey(name); i++) name = stem + "_" + suffix + i;
    return name;
  }
}
