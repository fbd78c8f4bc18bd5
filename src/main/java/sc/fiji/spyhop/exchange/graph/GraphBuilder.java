package sc.fiji.spyhop.exchange.graph;

import static java.util.Collections.nCopies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Builds a network and its weights, operation by operation, out of values of a foreign network.
 * Every method gives the value that comes out, and throws {@link Unsupported} if no layer of ours
 * does that. Names are wishes: those in use are numbered.
 *
 * <p>Multiplying and shifting channels by constants makes an {@link ScaleAndShift} of its own,
 * which is then folded into the layer before where only it is fed by that layer.
 */
public final class GraphBuilder {

  private static final float EPSILON = 1e-5f;

  private final Names names = new Names();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final List<Network.Input> inputs = new ArrayList<>();

  /** Values with what lies around them, by the same without a layer for that. */
  private final Map<Feature, Feature> padded = new HashMap<>();

  private Optional<NetworkBuilder> shapes = Optional.empty();

  /** Kernel, steps and border of a window that moves over a map. */
  public record Window(
      List<Integer> kernel, List<Integer> stride, List<Integer> dilation, Border border) {}

  /** What lies around a map. */
  public sealed interface Border {
    /** So many zeros, before and after, one each per dimension. */
    record Zeros(List<Integer> before, List<Integer> after) implements Border {
      /** Copies the lists. */
      public Zeros {
        before = List.copyOf(before);
        after = List.copyOf(after);
      }
    }

    /** As many as keep the size, the odd one behind. */
    record Same() implements Border {}

    /** No border of so many dimensions. */
    static Border none(int rank) {
      return new Zeros(nCopies(rank, 0), nCopies(rank, 0));
    }
  }

  /** Adds an input. */
  public Feature input(String name, Shape shape) {
    String own = names.unused(name);
    shapes =
        Optional.of(
            shapes.isPresent()
                ? shapes.get().andInput(own, shape)
                : NetworkBuilder.input(own, shape));
    inputs.add(new Network.Input(own, shape));
    return Feature.of(own, shape);
  }

  /**
   * Convolution.
   *
   * @param weight [filters, channels / groups, kernel...]
   * @param bias [filters]
   */
  public Feature convolution(
      String name, Feature in, Tensor weight, Optional<float[]> bias, Window window, int groups) {
    int filters = weight.size(0);
    if (!in.isMap()) return dense(name, in, asMatrix(weight, window, groups), bias);
    int rank = in.shape().rank();
    if (weight.rank() != rank + 2) {
      throw new Unsupported("convolution with a kernel of " + (weight.rank() - 2) + " dimensions");
    }
    Feature map = window.border() instanceof Border.Same ? plain(in) : in;
    Padding padding = padding(window, map.margin());
    Layer layer =
        new Convolution(
            names.unused(name),
            map.layer(),
            map.shape().channels(),
            filters,
            window.kernel(),
            window.stride(),
            window.dilation(),
            padding,
            bias.isPresent(),
            groups);
    return add(map, layer, parameters(weight, bias));
  }

  /** On a map of one pixel a convolution with a kernel of one is a matrix. */
  private static Tensor asMatrix(Tensor weight, Window window, int groups) {
    if (groups != 1
        || window.kernel().stream().anyMatch(k -> k != 1)
        || !hasNoZeros(window.border())) {
      throw new Unsupported("convolution of a single pixel with a kernel of " + window.kernel());
    }
    return weight.reshape(Axes.OI, weight.size(0), weight.size(1));
  }

  private static boolean hasNoZeros(Border border) {
    return border instanceof Border.Same
        || border instanceof Border.Zeros z
            && z.before().stream().allMatch(p -> p == 0)
            && z.after().stream().allMatch(p -> p == 0);
  }

  /**
   * Transposed convolution.
   *
   * @param weight [channels, filters, kernel...]
   * @param border what is cropped from what all windows give
   */
  public Feature transposedConvolution(
      String name,
      Feature in,
      Tensor weight,
      Optional<float[]> bias,
      List<Integer> stride,
      Border border) {
    Feature map = plain(in);
    List<Integer> kernel = Arrays.stream(weight.shape()).skip(2).boxed().toList();
    Padding padding =
        border instanceof Border.Zeros z
            ? hasNoZeros(z) ? Padding.VALID : new Padding.Explicit(z.before(), z.after())
            : Padding.SAME;
    Layer layer =
        new TransposedConvolution(
            names.unused(name),
            map.layer(),
            map.shape().channels(),
            weight.size(1),
            kernel,
            stride,
            padding,
            bias.isPresent());
    return add(map, layer, parameters(weight, bias));
  }

  /**
   * Fully connected.
   *
   * @param weight [units, features], features in the order in which the foreign network sees them
   */
  public Feature dense(String name, Feature in, Tensor weight, Optional<float[]> bias) {
    if (in.isMap()) return ofEachPlace(name, in, weight, bias);
    Tensor ours = in.rows().map(map -> channelsFirst(weight, map.shape())).orElse(weight);
    Layer layer =
        new Dense(
            names.unused(name),
            in.layer(),
            in.shape().channels(),
            weight.size(0),
            bias.isPresent());
    Feature out = add(in, layer, parameters(ours, bias));
    return new Feature(
        out.layer(), out.shape(), in.channelsLast(), in.ones(), Optional.empty(), List.of());
  }

  /** The channels of each place, which come last, multiplied by a matrix: a 1 x 1 convolution. */
  private Feature ofEachPlace(String name, Feature in, Tensor weight, Optional<float[]> bias) {
    if (!in.channelsLast()) throw new Unsupported("a matrix that multiplies a map");
    int rank = in.shape().rank();
    int[] shape = Arrays.copyOf(weight.shape(), rank + 2);
    Arrays.fill(shape, 2, shape.length, 1);
    List<Integer> one = nCopies(rank, 1);
    Window window = new Window(one, one, one, Border.none(rank));
    return convolution(name, plain(in), weight.reshape(axes("OI", rank), shape), bias, window, 1);
  }

  /**
   * Columns of a matrix for a map that was flattened with channels last, for one flattened with
   * channels first.
   */
  public static Tensor channelsFirst(Tensor weight, Shape map) {
    int channels = map.channels();
    int units = weight.size(0);
    int features = weight.size(1);
    if (features % channels != 0) throw new Unsupported("a matrix for " + features + " features");
    int space = features / channels;
    float[] from = weight.data();
    float[] to = new float[from.length];
    for (int u = 0; u < units; u++) {
      int row = u * features;
      for (int s = 0; s < space; s++) {
        for (int c = 0; c < channels; c++) {
          to[row + c * space + s] = from[row + s * channels + c];
        }
      }
    }
    return new Tensor(Axes.OI, new int[] {units, features}, to);
  }

  /** Batch normalisation with statistics that are known. */
  public Feature batchNorm(
      String name,
      Feature given,
      float[] gamma,
      float[] beta,
      float[] mean,
      float[] var,
      double eps) {
    Feature in = plain(given);
    int channels = in.shape().channels();
    Layer layer =
        new BatchNorm(names.unused(name), in.layer(), channels, eps, NetworkBuilder.MOMENTUM);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.putAll(scaleAndShift(in, gamma, beta));
    parameters.put("running_mean", vector(ours(in, mean), channels));
    parameters.put("running_var", vector(ours(in, var), channels));
    return add(in, layer, parameters);
  }

  /**
   * Normalization of groups of channels over all places.
   *
   * @param gamma one for each channel
   * @param beta one for each channel
   */
  public Feature groupNorm(
      String name, Feature in, int groups, float[] gamma, float[] beta, double eps) {
    plain(in);
    if (in.rows().isPresent()) throw new Unsupported("groups of a map that was flattened");
    int channels = in.shape().channels();
    Layer layer = new GroupNorm(names.unused(name), in.layer(), channels, groups, eps);
    return add(in, layer, scaleAndShift(in, gamma, beta));
  }

  /**
   * Normalization of all channels of each place, or of a vector.
   *
   * @param gamma one for each channel
   * @param beta one for each channel
   */
  public Feature layerNorm(String name, Feature in, float[] gamma, float[] beta, double eps) {
    plain(in);
    Layer layer = new LayerNorm(names.unused(name), in.layer(), in.shape().channels(), eps);
    return add(in, layer, scaleAndShift(in, gamma, beta));
  }

  private static Map<String, Tensor> scaleAndShift(Feature in, float[] gamma, float[] beta) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.put("weight", vector(ours(in, gamma), in.shape().channels()));
    parameters.put("bias", vector(ours(in, beta), in.shape().channels()));
    return parameters;
  }

  /** Values in the order of our channels: the foreign network may have flattened them otherwise. */
  private static float[] ours(Feature in, float[] values) {
    if (in.rows().isEmpty() || values.length != in.shape().channels()) return values;
    int channels = in.rows().get().shape().channels();
    int space = values.length / channels;
    float[] ordered = new float[values.length];
    for (int s = 0; s < space; s++) {
      for (int c = 0; c < channels; c++) ordered[c * space + s] = values[s * channels + c];
    }
    return ordered;
  }

  private static Tensor vector(float[] values, int channels) {
    if (values.length != channels) {
      throw new Unsupported(Strings.format("%d values for %d channels", values.length, channels));
    }
    return new Tensor(Axes.C, new int[] {channels}, values);
  }

  /**
   * {@code scale * x + shift}, channel by channel.
   *
   * @param scale one for each channel or one for all
   * @param shift one for each channel or one for all
   */
  public Feature affine(String name, Feature given, float[] scale, float[] shift) {
    Feature in = plain(given);
    Optional<Feature> known = Patterns.hardSwishes(this, name, in, scale, shift);
    if (known.isPresent()) return known.get();
    int channels = in.shape().channels();
    ScaleAndShift affine = ScaleAndShift.of(ours(in, scale), ours(in, shift), channels);
    if (affine.isIdentity()) return in;
    String own = names.unused(name);
    Layer layer;
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    if (in.isMap()) {
      int rank = in.shape().rank();
      List<Integer> one = nCopies(rank, 1);
      layer =
          new Convolution(
              own, in.layer(), channels, channels, one, one, one, Padding.VALID, true, channels);
      int[] shape = new int[rank + 2];
      Arrays.fill(shape, 1);
      shape[0] = channels;
      parameters.put("weight", new Tensor(axes("OI", rank), shape, affine.scale()));
      parameters.put("bias", vector(affine.shift(), channels));
    } else {
      layer = new BatchNorm(own, in.layer(), channels, EPSILON, NetworkBuilder.MOMENTUM);
      float[] ones = new float[channels];
      Arrays.fill(ones, 1 - EPSILON);
      parameters.put("weight", vector(affine.scale(), channels));
      parameters.put("bias", vector(affine.shift(), channels));
      parameters.put("running_mean", vector(new float[channels], channels));
      parameters.put("running_var", vector(ones, channels));
    }
    Feature out = add(in, layer, parameters);
    nodes.put(own, nodes.get(own).with(affine));
    return out;
  }

  /**
   * A function of each value, or of all channels of a place; zeros around a map stay where the
   * function keeps them zeros.
   */
  public Feature activation(String name, Feature in, Function function) {
    if (function == Function.IDENTITY) return in;
    Feature input = keepsZero(function) ? in : plain(in);
    Feature out = add(input, new Activation(names.unused(name), input.layer(), function));
    return out.withMargin(input.margin());
  }

  private static boolean keepsZero(Function function) {
    return function == Function.RELU || function == Function.RELU6;
  }

  /**
   * Leaky ReLU.
   *
   * @param slopes of negative values, one for each channel or one for all
   */
  public Feature leakyRelu(String name, Feature given, float... slopes) {
    Feature in = plain(given);
    if (slopes.length == 1 && slopes[0] == 0) return activation(name, in, Function.RELU);
    if (slopes.length == 1 && slopes[0] == 0.01f) return activation(name, in, Function.LEAKY_RELU);
    int channels = in.shape().channels();
    float[] all = slopes.length == 1 ? ScaleAndShift.filled(slopes[0], channels) : ours(in, slopes);
    Layer layer = new PRelu(names.unused(name), in.layer(), channels);
    return add(in, layer, Map.of("weight", vector(all, channels)));
  }

  /**
   * Leaky ReLU of a map of one size.
   *
   * @param slopes [channels, space...], sizes of space 1 where all places share them
   */
  public Feature leakyRelu(String name, Feature in, Tensor slopes) {
    plain(in);
    List<Integer> space = Arrays.stream(slopes.shape()).skip(1).boxed().toList();
    if (space.stream().allMatch(size -> size == 1)) return leakyRelu(name, in, slopes.data());
    Layer layer = new PRelu(names.unused(name), in.layer(), in.shape().channels(), space);
    return add(in, layer, Map.of("weight", slopes));
  }

  /** {@code min(max(slope * x + offset, 0), 1)}. */
  public Feature hardSigmoid(String name, Feature in, double slope, double offset) {
    float scale = Math.abs(slope - 1 / 6.0) < 1e-6 ? 1 : (float) (6 * slope);
    float shift = Math.abs(offset - 0.5) < 1e-6 ? 0 : (float) (6 * offset - 3);
    Feature moved = affine(name + "_input", in, new float[] {scale}, new float[] {shift});
    return activation(name, moved, Function.HARD_SIGMOID);
  }

  /**
   * Pooling.
   *
   * @param ceil whether a last window may reach beyond what is there
   * @param countZeros whether zeros around count in an average
   */
  public Feature pool(
      String name,
      Feature given,
      PoolingKind kind,
      Window window,
      boolean ceil,
      boolean countZeros) {
    if (!given.isMap()) return plain(given);
    if (window.dilation().stream().anyMatch(d -> d != 1)) throw new Unsupported("dilated pooling");
    boolean counts = kind == PoolingKind.AVERAGE && countZeros;
    Feature in = isInPooling(given, kind, window, ceil, countZeros) ? given : plain(given);
    boolean counted = counts || kind == PoolingKind.AVERAGE && !in.margin().isEmpty();
    Padding padding = padding(window, in.margin());
    // what "same" adds would not count
    if (counted && padding == Padding.SAME && window.border() instanceof Border.Zeros z) {
      padding = explicit(z, in.margin());
    }
    boolean explicit = padding instanceof Padding.Explicit;
    Layer layer =
        new Pooling(
            names.unused(name),
            in.layer(),
            kind,
            window.kernel(),
            window.stride(),
            padding,
            ceil && padding != Padding.SAME,
            counted && explicit);
    return add(in, layer);
  }

  /**
   * Whether the padding of a pooling does what zeros around its map do: these never win over what
   * is not negative, and are zeros in an average.
   */
  private boolean isInPooling(
      Feature map, PoolingKind kind, Window window, boolean ceil, boolean countZeros) {
    if (map.margin().isEmpty()) return true;
    if (ceil || !(window.border() instanceof Border.Zeros own)) return false;
    Padding.Explicit zeros = explicit(own, map.margin());
    for (int i = 0; i < window.kernel().size(); i++) {
      int larger = Math.max(zeros.before().get(i), zeros.after().get(i));
      if (larger >= window.kernel().get(i)) return false;
    }
    return kind == PoolingKind.MAX
        ? isNotNegative(map.layer())
        : countZeros || hasNoZeros(window.border());
  }

  private boolean isNotNegative(String layer) {
    Node node = nodes.get(layer);
    for (int depth = 0; node != null && depth < 100; depth++) {
      if (node.layer() instanceof Activation a) {
        return switch (a.function()) {
          case RELU, RELU6, SIGMOID, SOFTMAX, HARD_SIGMOID -> true;
          default -> false;
        };
      }
      if (!(node.layer() instanceof Pooling || node.layer() instanceof Dropout)) {
        return false;
      }
      node = nodes.get(node.layer().input());
    }
    return false;
  }

  /**
   * The maximum or mean of each channel of a map; a vector stays as it is.
   *
   * @param ones how many sizes of 1 the foreign network keeps
   */
  public Feature globalPool(String name, Feature given, PoolingKind kind, int ones) {
    Feature in = plain(given);
    if (!in.isMap()) return in.withOnes(ones);
    Feature out = add(in, new GlobalPooling(names.unused(name), in.layer(), kind));
    return out.withOnes(ones);
  }

  /** Enlargement by a whole factor for each dimension; nothing is added for factors of 1. */
  public Feature upsample(
      String name, Feature given, List<Integer> factor, Interpolation interpolation) {
    Feature in = plain(given);
    if (factor.stream().allMatch(f -> f == 1)) return in;
    return add(in, new Upsampling(names.unused(name), in.layer(), factor, interpolation));
  }

  /**
   * A map of another size.
   *
   * @param scales one per spatial dimension
   * @param alignCorners as {@link Resizing} says
   */
  public Feature resize(
      String name,
      Feature given,
      List<Fraction> scales,
      Interpolation interpolation,
      boolean alignCorners) {
    if (scales.stream().allMatch(Fraction::isOne)) return given;
    List<Integer> factor = scales.stream().map(Fraction::numerator).toList();
    List<Integer> divisor = scales.stream().map(Fraction::denominator).toList();
    boolean enlarges = scales.stream().allMatch(Fraction::isWhole) && !alignCorners;
    if (enlarges) return upsample(name, given, factor, interpolation);
    Feature in = plain(given);
    return add(
        in,
        new Resizing(names.unused(name), in.layer(), factor, divisor, interpolation, alignCorners));
  }

  /**
   * A map with a border, or without one that it has. Zeros are left to the layer that follows, if
   * that can do without a layer for them.
   *
   * @param before how many values are added in front, one number per spatial dimension; below 0:
   *     cut off
   * @param after the same behind
   */
  public Feature pad(
      String name, Feature in, List<Integer> before, List<Integer> after, Pad.Mode mode) {
    List<Integer> all = Stream.concat(before.stream(), after.stream()).toList();
    if (all.stream().allMatch(p -> p == 0)) return in;
    if (!in.isMap()) throw new Unsupported("a border around a single pixel");
    if (mode != Pad.Mode.ZEROS || all.stream().anyMatch(p -> p < 0)) {
      return border(name, plain(in), before, after, mode);
    }
    List<Integer> margin = new ArrayList<>(all);
    for (int i = 0; i < in.margin().size(); i++) margin.set(i, all.get(i) + in.margin().get(i));
    return in.withMargin(margin);
  }

  /** Some channels, in the order in which they are to come. */
  public Feature select(String name, Feature in, List<Integer> channels) {
    if (in.rows().isPresent()) throw new Unsupported("values of a map in another order");
    if (layerOf(in).orElse(null) instanceof SelectChannels before) {
      List<Integer> earlier = channels.stream().map(before.channels()::get).toList();
      Feature source = at(before.input(), in);
      return select(name, source.withMargin(in.margin()), earlier);
    }
    List<Integer> all = IntStream.range(0, in.shape().channels()).boxed().toList();
    if (channels.equals(all)) return in;
    Feature out = add(in, new SelectChannels(names.unused(name), in.layer(), channels));
    return out.withMargin(in.margin());
  }

  /** Pixels out of channels, or channels out of pixels. */
  public Feature shuffle(String name, Feature given, int block, PixelShuffle.Direction direction) {
    if (block == 1) return given;
    Feature in = plain(given);
    if (!in.isMap()) throw new Unsupported("blocks of a single pixel");
    return add(in, new PixelShuffle(names.unused(name), in.layer(), block, direction));
  }

  /** Local response normalisation; see {@link LocalResponseNorm} for the numbers. */
  public Feature localResponseNorm(
      String name, Feature given, int size, double alpha, double beta, double k) {
    Feature in = plain(given);
    return add(in, new LocalResponseNorm(names.unused(name), in.layer(), size, alpha, beta, k));
  }

  /** Joins channels. */
  public Feature concat(String name, List<Feature> given) {
    if (given.size() == 1) return given.get(0);
    List<Feature> parts = alike(given);
    if (parts.stream().anyMatch(p -> p.rows().isPresent())) {
      throw new Unsupported("joining of maps that were flattened with channels last");
    }
    List<String> layers = parts.stream().map(Feature::layer).toList();
    return add(parts.get(0), new Concat(names.unused(name), layers));
  }

  /** Sum of values, of which some may have one channel for all, or one value for all places. */
  public Feature add(String name, List<Feature> given) {
    List<Feature> parts = given.stream().map(this::plain).toList();
    List<Feature> sorted = largestFirst(parts);
    List<String> layers = sorted.stream().map(Feature::layer).toList();
    return fitsFirst(sorted)
        ? add(sorted.get(0), new Add(names.unused(name), layers))
        : formula(name, Formulas.joined("+", parts.size()), parts);
  }

  /** Product of values, of which some may have one channel for all, or one value for all places. */
  public Feature multiply(String name, List<Feature> given) {
    List<Feature> parts = given.stream().map(this::plain).toList();
    List<Feature> sorted = largestFirst(parts);
    Optional<Feature> known = Patterns.swishes(this, name, parts);
    if (known.isPresent()) return known.get();
    List<String> layers = sorted.stream().map(Feature::layer).toList();
    return fitsFirst(sorted)
        ? add(sorted.get(0), new Multiply(names.unused(name), layers))
        : formula(name, Formulas.joined("*", parts.size()), parts);
  }

  /**
   * A function of values, of which some may have one channel for all, or one value for all places.
   *
   * @param formula in which the values are called as {@link
   *     sc.fiji.spyhop.expression.LayerFormula#INPUTS} says
   */
  public Feature formula(String name, String formula, List<Feature> given) {
    List<Feature> parts = given.stream().map(this::plain).toList();
    List<Feature> sorted = largestFirst(parts);
    List<String> layers = parts.stream().map(Feature::layer).toList();
    Formula layer = new Formula(names.unused(name), layers, formula);
    if (sorted.get(0).rows().isPresent() && layer.read().seesChannels()) {
      throw new Unsupported("values of a map in another order, one by one or together");
    }
    return add(sorted.get(0), layer);
  }

  /** Values whose axes fit each other, the one with the most values first. */
  private static List<Feature> largestFirst(List<Feature> parts) {
    List<Feature> sorted = new ArrayList<>(parts);
    sorted.sort(
        Comparator.comparing(GraphBuilder::extent)
            .thenComparing(f -> f.shape().channels())
            .thenComparing(f -> f.dimensions().size())
            .reversed());
    for (Feature part : sorted) fit(sorted.get(0), part);
    return sorted;
  }

  /** Axes are matched from the last on, and channels have to lie at the same one. */
  private static void fit(Feature first, Feature part) {
    if (part.dimensions().stream().allMatch(size -> size == 1)) return;
    if (fromLast(first) != fromLast(part) || !part.rows().equals(first.rows())) {
      throw new Unsupported("values with axes in different order");
    }
  }

  private static int fromLast(Feature f) {
    return f.dimensions().size() - f.channelAxis();
  }

  private static boolean fitsFirst(List<Feature> sorted) {
    return sorted.stream().allMatch(f -> f.shape().channels() <= sorted.get(0).shape().channels());
  }

  private static long extent(Feature f) {
    if (!f.isMap()) return 0;
    long extent = 1;
    for (int size : f.shape().space()) extent *= size == Shape.ANY ? 1 << 15 : size;
    return extent;
  }

  /**
   * Dropout, which training alone looks at; nothing is added for a rate of 0 or one out of range.
   */
  public Feature dropout(String name, Feature given, double rate) {
    if (!(rate > 0 && rate < 1)) return given;
    Feature in = plain(given);
    return add(in, new Dropout(names.unused(name), in.layer(), rate));
  }

  /** All values in a row, in the order in which the foreign network sees them. */
  public Feature flatten(String name, Feature given) {
    Feature in = plain(given);
    if (!in.isMap()) return in.withOnes(0).seenChannelsLast(false);
    if (!in.shape().isFixed()) {
      throw new Unsupported(
          "flattening of a map of open size; say which size images are brought to, at the end of how they are prepared, such as \"stretch 224\"");
    }
    Feature out = add(in, new Flatten(names.unused(name), in.layer()));
    boolean onePixel = in.shape().space().stream().allMatch(s -> s == 1);
    Feature row = Feature.of(out.layer(), out.shape());
    return in.channelsLast() && !onePixel ? row.flattenedFrom(in) : row;
  }

  /** The layer that gives a value, or else an input. */
  Optional<Layer> layerOf(Feature feature) {
    return Optional.ofNullable(nodes.get(feature.layer())).map(Node::layer);
  }

  /** Whether a value is the mean of a map over all its places, of each channel. */
  public boolean isMeanOverPlaces(Feature value, Feature map) {
    return layerOf(value)
        .filter(l -> l instanceof GlobalPooling p && p.kind() == PoolingKind.AVERAGE)
        .filter(l -> l.input().equals(map.layer()))
        .isPresent();
  }

  /** The constants by which a value was multiplied and shifted, if it was. */
  Optional<ScaleAndShift> affineOf(Feature feature) {
    return Optional.ofNullable(nodes.get(feature.layer())).flatMap(Node::affine);
  }

  /** An earlier value. */
  Feature at(String layer, Feature like) {
    return like.as(layer, shapes.orElseThrow().from(layer).shape());
  }

  /** The same value with all that lies around it in our layer as well. */
  public Feature plain(Feature in) {
    if (in.margin().isEmpty()) return in;
    int rank = in.margin().size() / 2;
    Feature bare = in.withMargin(List.of());
    return padded.computeIfAbsent(
        in,
        f ->
            border(
                in.layer() + "_padded",
                bare,
                in.margin().subList(0, rank),
                in.margin().subList(rank, 2 * rank),
                Pad.Mode.ZEROS));
  }

  private Feature border(
      String name, Feature in, List<Integer> before, List<Integer> after, Pad.Mode mode) {
    return add(in, new Pad(names.unused(name), in.layer(), before, after, mode));
  }

  private List<Feature> alike(List<Feature> given) {
    List<Feature> parts = given.stream().map(this::plain).toList();
    for (Feature part : parts) {
      boolean sameView =
          part.channelsLast() == parts.get(0).channelsLast()
              && part.shape().rank() == parts.get(0).shape().rank();
      if (!sameView) throw new Unsupported("values with axes in different order");
    }
    return parts;
  }

  /**
   * The simplest padding that says the same whatever the size of the map.
   *
   * @param margin further zeros around the map
   */
  private static Padding padding(Window w, List<Integer> margin) {
    int rank = w.kernel().size();
    if (w.border() instanceof Border.Same) return Padding.SAME;
    Padding.Explicit zeros = explicit((Border.Zeros) w.border(), margin);
    List<Integer> before = zeros.before();
    List<Integer> after = zeros.after();
    boolean none = true;
    boolean same = true;
    for (int i = 0; i < rank; i++) {
      int missing = (w.kernel().get(i) - 1) * w.dilation().get(i);
      none &= before.get(i) == 0 && after.get(i) == 0;
      same &=
          w.stride().get(i) == 1
              && before.get(i) == missing / 2
              && after.get(i) == missing - missing / 2;
    }
    return none ? Padding.VALID : same ? Padding.SAME : zeros;
  }

  private static Padding.Explicit explicit(Border.Zeros zeros, List<Integer> margin) {
    List<Integer> before = new ArrayList<>(zeros.before());
    List<Integer> after = new ArrayList<>(zeros.after());
    int rank = before.size();
    for (int i = 0; i < rank && !margin.isEmpty(); i++) {
      before.set(i, before.get(i) + margin.get(i));
      after.set(i, after.get(i) + margin.get(i + rank));
    }
    return new Padding.Explicit(before, after);
  }

  private static Map<String, Tensor> parameters(Tensor weight, Optional<float[]> bias) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.put("weight", weight);
    bias.ifPresent(b -> parameters.put("bias", new Tensor(Axes.C, new int[] {b.length}, b)));
    return parameters;
  }

  static Axes axes(String first, int rank) {
    return new Axes(first + "DHW".substring(3 - rank));
  }

  private Feature add(Feature like, Layer layer) {
    return add(like, layer, Map.of());
  }

  private Feature add(Feature like, Layer layer, Map<String, Tensor> parameters) {
    Shape shape;
    try {
      shape = shapes.orElseThrow().layer(layer).shape();
    } catch (SpyhopException e) {
      throw new Unsupported(e.getMessage().replaceFirst("^layer [^:]*: ", ""));
    }
    nodes.put(layer.name(), new Node(layer, parameters, Optional.empty()));
    return like.as(layer.name(), shape);
  }

  /**
   * Where a network ends, as {@link Value#outputs}.
   *
   * @param outputs by name
   * @param notes told what was cut off
   */
  public Value.Ends ends(Map<String, Value> outputs, List<String> notes) {
    Map<String, Value> whole = new LinkedHashMap<>();
    outputs.forEach(
        (name, value) ->
            whole.put(
                name,
                value instanceof Value.Mapped m ? new Value.Mapped(plain(m.feature())) : value));
    return Value.outputs(whole, notes);
  }

  /** The network where it is not told which values are whose. */
  public Imported build(List<String> outputs, List<String> notes) {
    return build(new Value.Ends(outputs, Optional.empty()), notes, Map.of());
  }

  /**
   * The network up to where it ends; layers that do not lead there are left out.
   *
   * @param values of the foreign network, by name
   * @throws SpyhopException if there are none
   */
  public Imported build(Value.Ends ends, List<String> notes, Map<String, Value> values) {
    List<String> distinct = ends.layers().stream().distinct().toList();
    for (String output : distinct) {
      if (!nodes.containsKey(output)) {
        throw new SpyhopException(
            "The network gives " + output + " as it is: expected at least one layer before it.");
      }
    }
    Map<String, Feature> features = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (value instanceof Value.Mapped m) features.put(name, m.feature());
        });
    return new Folding(nodes, distinct).result(inputs, notes, features, ends.cut());
  }
}
