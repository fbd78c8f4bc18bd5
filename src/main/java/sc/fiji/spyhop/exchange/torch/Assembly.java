package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network of planes that is put together layer by layer, each with the weights whose names begin
 * like its own. Shapes tell sizes of kernels and numbers of channels; what is left over at the end
 * tells that it is another network.
 */
final class Assembly {

  /** PyTorch's, of all its layers of normalization. */
  private static final double EPSILON = 1e-5;

  /** Counts minibatches, and changes no value. */
  private static final String COUNTER = "num_batches_tracked";

  private final Map<String, Tensor> given;
  private final Set<String> used = new HashSet<>();
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Tensor> weights = new LinkedHashMap<>();
  private final Set<String> ways = new TreeSet<>();
  private final int inputs;
  private String here = "input";
  private int channels;

  /**
   * Begins with an image.
   *
   * @param first name of the first convolution, whose weights tell how many channels an image has
   */
  Assembly(Weights given, String first) {
    this.given = given.tensors();
    Tensor kernel = tensor(first + ".weight", 4);
    inputs = kernel.size(1);
    channels = inputs;
  }

  /** What the last layer gives, to go on from later. */
  record At(String name, int channels) {}

  At here() {
    return new At(here, channels);
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  /** Channels that a normalization is for. */
  int normalized(String prefix) {
    return tensor(prefix + ".weight", 1).size(0);
  }

  private Tensor tensor(String name, int rank) {
    Tensor tensor = given.get(name);
    if (tensor == null) throw new SpyhopException("there is no " + name);
    if (tensor.rank() == rank) return tensor;
    throw new SpyhopException(
        Strings.format(
            "%s has %d dimensions, where a network of planes has %d", name, tensor.rank(), rank));
  }

  private void take(String name, int... shape) {
    Tensor tensor = tensor(name, shape.length);
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new SpyhopException(
          Strings.format(
              "%s has the shape %s, expected %s",
              name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
    }
    used.add(name);
    weights.put(name, tensor);
  }

  private void add(Layer layer, int made) {
    layers.add(layer);
    here = layer.name();
    channels = made;
  }

  /** A convolution that keeps sizes, of a kernel of 3 x 3. */
  Assembly convolution(String prefix) {
    return convolution(prefix, 3);
  }

  /** A convolution of each place alone. */
  Assembly pointwise(String prefix) {
    return convolution(prefix, 1);
  }

  private Assembly convolution(String prefix, int side) {
    Tensor kernel = tensor(prefix + ".weight", 4);
    int filters = kernel.size(0);
    int height = kernel.size(2);
    int width = kernel.size(3);
    if (height != side || width != side) {
      throw new SpyhopException(
          Strings.format(
              "%s has a kernel of %d x %d, where the public code has %d x %d",
              prefix, height, width, side, side));
    }
    take(prefix + ".weight", filters, channels, height, width);
    boolean bias = has(prefix + ".bias");
    if (bias) take(prefix + ".bias", filters);
    List<Integer> one = List.of(1, 1);
    Padding padding =
        new Padding.Explicit(List.of(height / 2, width / 2), List.of(height / 2, width / 2));
    add(
        new Convolution(
            prefix, here, channels, filters, List.of(height, width), one, one, padding, bias),
        filters);
    return this;
  }

  /** A transposed convolution that doubles sizes, of a kernel of 2 x 2. */
  Assembly doubled(String prefix) {
    int filters = tensor(prefix + ".weight", 4).size(1);
    take(prefix + ".weight", channels, filters, 2, 2);
    boolean bias = has(prefix + ".bias");
    if (bias) take(prefix + ".bias", filters);
    List<Integer> two = List.of(2, 2);
    ways.add("transposed convolutions");
    add(
        new TransposedConvolution(prefix, here, channels, filters, two, two, Padding.VALID, bias),
        filters);
    return this;
  }

  /** As it is in prediction, with statistics that were learnt. */
  Assembly batchNorm(String prefix) {
    for (String part : List.of(".weight", ".bias", ".running_mean", ".running_var")) {
      take(prefix + part, channels);
    }
    used.add(prefix + "." + COUNTER);
    add(new BatchNorm(prefix, here, channels, EPSILON, NetworkBuilder.MOMENTUM), channels);
    return this;
  }

  /**
   * Normalizes groups of channels of what is seen.
   *
   * @param prefix of weights; without any, values are just normalized
   */
  Assembly groupNorm(String prefix, int groups) {
    if (has(prefix + ".weight")) {
      take(prefix + ".weight", channels);
      take(prefix + ".bias", channels);
    } else {
      float[] ones = new float[channels];
      Arrays.fill(ones, 1);
      weights.put(prefix + ".weight", Tensor.of(Axes.C, ones, channels));
      weights.put(prefix + ".bias", Tensor.zeros(Axes.C, channels));
    }
    if (channels % groups != 0) {
      throw new SpyhopException(prefix + " has channels that are no multiple of " + groups);
    }
    add(new GroupNorm(prefix, here, channels, groups, EPSILON), channels);
    return this;
  }

  Assembly activation(Layer.Function function) {
    if (function != Layer.Function.IDENTITY) {
      String name = here + "_" + function.name().toLowerCase(Locale.ROOT);
      add(new Activation(name, here, function), channels);
    }
    return this;
  }

  Assembly relu() {
    return activation(Layer.Function.RELU);
  }

  /** The largest of 2 x 2. */
  Assembly pool() {
    List<Integer> two = List.of(2, 2);
    add(
        new Pooling(here + "_pool", here, Layer.PoolingKind.MAX, two, two, Padding.VALID),
        channels);
    return this;
  }

  /** How a map is made twice as large without weights. */
  enum Enlarging {
    NEAREST("nearest"),
    BILINEAR("bilinear"),
    ALIGNED("bilinear, corners aligned");

    private final String word;

    Enlarging(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  Assembly enlarge(Enlarging how) {
    List<Integer> two = List.of(2, 2);
    String name = here + "_up";
    ways.add(how.word());
    add(
        how == Enlarging.ALIGNED
            ? new Resizing(name, here, two, List.of(1, 1), Layer.Interpolation.BILINEAR, true)
            : new Upsampling(
                name,
                here,
                two,
                how == Enlarging.NEAREST
                    ? Layer.Interpolation.NEAREST
                    : Layer.Interpolation.BILINEAR),
        channels);
    return this;
  }

  /** Channels of two maps behind each other. */
  Assembly join(At first, At second) {
    add(
        new Concat(here + "_join", List.of(first.name(), second.name())),
        first.channels() + second.channels());
    return this;
  }

  /**
   * The network.
   *
   * @param label of the family, for what is said of it
   * @throws SpyhopException if there are weights that it has no place for, or maps are made larger
   *     in more than one way
   */
  Imported build(String label) {
    Set<String> left = new TreeSet<>(given.keySet());
    left.removeAll(used);
    left.removeIf(name -> name.endsWith(COUNTER));
    if (!left.isEmpty()) {
      throw new SpyhopException(
          "there is more in it, such as "
              + left.stream().limit(3).map(Strings::visible).collect(Collectors.joining(", ")));
    }
    if (ways.size() > 1) {
      throw new SpyhopException(
          "maps are made larger in several ways (" + String.join("; ", ways) + ")");
    }
    String note =
        Strings.format(
            "Names and shapes of the weights are those of %s, which was built as its public code does it (enlarging: %s).",
            label, ways.isEmpty() ? "none" : String.join("", ways));
    Network network =
        new Network(
            List.of(new Network.Input("input", Shape.of(inputs, Shape.ANY, Shape.ANY))),
            layers,
            List.of(here));
    return new Imported(network, new Weights(weights), List.of(note));
  }
}
