package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sc.fiji.spyhop.expression.LayerFunction;

/**
 * One named operation of a network: the closed vocabulary that every engine knows. Feature maps are
 * (sample, channel, space...); kernels, strides and factors have one entry per spatial dimension,
 * slowest first (row, column; depth in front for volumes).
 *
 * <p>Every constructor refuses what no network could use (sizes below 1, lists of different
 * lengths, rates out of range) with a {@link sc.fiji.spyhop.SpyhopException} that names the layer;
 * whether layers fit each other is for {@link Shapes} to say.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Layer
    permits Weighted,
        BatchNorm,
        Activation,
        Pooling,
        GlobalPooling,
        Upsampling,
        Dropout,
        Concat,
        Add,
        Flatten,
        Multiply,
        PRelu,
        LocalResponseNorm,
        Pad,
        Resizing,
        SelectChannels,
        PixelShuffle,
        GroupNorm,
        LayerNorm,
        Formula,
        PluginLayer,
        OnnxGraph {

  /** Something to be done for each kind of layer, of which none can be forgotten. */
  interface Visitor<R> {
    /** Weighted sums over windows. */
    R visit(Convolution l);

    /** The way back of a convolution, which enlarges. */
    R visit(TransposedConvolution l);

    /** Normalisation by statistics of the minibatch. */
    R visit(BatchNorm l);

    /** A named function of each value, or of all channels of a place. */
    R visit(Activation l);

    /** Maxima or means of windows. */
    R visit(Pooling l);

    /** One number for each channel. */
    R visit(GlobalPooling l);

    /** Enlargement by whole factors. */
    R visit(Upsampling l);

    /** A fully connected layer. */
    R visit(Dense l);

    /** The identity but in training. */
    R visit(Dropout l);

    /** Two or more maps, channel behind channel. */
    R visit(Concat l);

    /** The sum of two or more maps. */
    R visit(Add l);

    /** A vector of all values of a map. */
    R visit(Flatten l);

    /** The product of two or more maps. */
    R visit(Multiply l);

    /** A rectifier with slopes that are learned. */
    R visit(PRelu l);

    /** Division by what neighbouring channels say. */
    R visit(LocalResponseNorm l);

    /** A border, added or cut off. */
    R visit(Pad l);

    /** Enlargement or reduction by a fraction. */
    R visit(Resizing l);

    /** Some of the channels, in any order. */
    R visit(SelectChannels l);

    /** Pixels made of channels, or the other way round. */
    R visit(PixelShuffle l);

    /** Normalisation by statistics of groups of channels of each sample. */
    R visit(GroupNorm l);

    /** Normalisation by statistics of the channels of each place. */
    R visit(LayerNorm l);

    /** What a user wrote as a formula. */
    R visit(Formula l);

    /** What a plugin computes. */
    R visit(PluginLayer l);

    /** An ONNX file that is kept as it is. */
    R visit(OnnxGraph l);
  }

  /** All kinds of layers. */
  static List<Class<?>> kinds() {
    return kinds(Layer.class).toList();
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Stream.of(type.getPermittedSubclasses()).flatMap(Layer::kinds);
  }

  /** Unique within the network; also the name of its output. */
  String name();

  /** Name of the layer or network input that feeds it, the first if there are several. */
  String input();

  /** Names of all that feed it, in order. */
  default List<String> inputs() {
    return List.of(input());
  }

  /**
   * Shape of its output.
   *
   * @throws sc.fiji.spyhop.SpyhopException if it cannot work on what it receives
   */
  Shape output(Received in);

  /** What of its inputs each position of its output sees along a dimension. */
  default Reach reach(int dimension) {
    return Reach.ITSELF;
  }

  /** Whether it is ReLU or one of its kin, see {@link Function#isRectifier} and {@link Formula}. */
  default boolean rectifies() {
    return false;
  }

  /**
   * What the user wrote for it, which Java computes whichever engine runs the rest, if it is that.
   */
  default Optional<LayerFunction> ownFunction() {
    return Optional.empty();
  }

  /** The tensors it needs, kernel first, then bias; none for most layers. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /**
   * The same layer with another name, fed by others.
   *
   * @param sources as many as it has inputs
   */
  Layer renamed(String other, List<String> sources);

  /** The same layer, made for another number of channels where that matters to it. */
  default Layer withChannels(int count) {
    return this;
  }

  /** What it is and what matters of it, as {@code network show} says: {@code dropout 0.5}. */
  String description();

  /** Calls the method of a visitor for layers of this kind. */
  <R> R accept(Visitor<R> visitor);

  /** Element-wise functions, and softmax over channels. */
  enum Function {
    /** The value itself. */
    @JsonProperty("identity")
    IDENTITY,
    /** {@code max(x, 0)}. */
    @JsonProperty("relu")
    RELU,
    /** {@code x < 0 ? 0.01 x : x}. */
    @JsonProperty("leaky-relu")
    LEAKY_RELU,
    /** The hyperbolic tangent, from -1 to 1. */
    @JsonProperty("tanh")
    TANH,
    /** {@code 1 / (1 + exp(-x))}, from 0 to 1. */
    @JsonProperty("sigmoid")
    SIGMOID,
    /**
     * {@code exp(x) / sum of exp(x) over channels}: from 0 to 1, channels of a place adding up to
     * 1.
     */
    @JsonProperty("softmax")
    SOFTMAX,
    /** {@code min(max(x, 0), 6)}. */
    @JsonProperty("relu6")
    RELU6,
    /** {@code x < 0 ? exp(x) - 1 : x} (Clevert et al. 2016). */
    @JsonProperty("elu")
    ELU,
    /** {@code x * sigmoid(x)}, also called SiLU. */
    @JsonProperty("swish")
    SWISH,
    /** {@code min(max(x / 6 + 1 / 2, 0), 1)} (Howard et al. 2019, as in ONNX and PyTorch). */
    @JsonProperty("hard-sigmoid")
    HARD_SIGMOID,
    /** {@code x * hard-sigmoid(x)}. */
    @JsonProperty("hard-swish")
    HARD_SWISH,
    /** {@code x / 2 * (1 + erf(x / sqrt(2)))} (Hendrycks and Gimpel 2016). */
    @JsonProperty("gelu")
    GELU,
    /** {@code x * tanh(log(1 + exp(x)))} (Misra 2019). */
    @JsonProperty("mish")
    MISH;

    /** The function of each value as a {@link Formula}; absent for those of all channels. */
    public Optional<String> formula() {
      return switch (this) {
        case IDENTITY -> Optional.of("x");
        case RELU -> Optional.of("max(x,0)");
        case LEAKY_RELU -> Optional.of("where(x<0,0.01*x,x)");
        case TANH -> Optional.of("tanh(x)");
        case SIGMOID -> Optional.of("sigmoid(x)");
        case SOFTMAX -> Optional.empty();
        case RELU6 -> Optional.of("clip(x,0,6)");
        case ELU -> Optional.of("where(x<0,exp(x)-1,x)");
        case SWISH -> Optional.of("x*sigmoid(x)");
        case HARD_SIGMOID -> Optional.of("clip(x/6+0.5,0,1)");
        case HARD_SWISH -> Optional.of("x*clip(x/6+0.5,0,1)");
        case GELU -> Optional.of("gelu(x)");
        case MISH -> Optional.of("mish(x)");
      };
    }

    /** Whether it is ReLU or one of its kin, which lets about half of the values through. */
    public boolean isRectifier() {
      return switch (this) {
        case RELU, LEAKY_RELU, RELU6, ELU, SWISH, HARD_SWISH, GELU, MISH -> true;
        case IDENTITY, TANH, SIGMOID, SOFTMAX, HARD_SIGMOID -> false;
      };
    }
  }

  /** What is kept of the values of a window, or of a whole map. */
  enum PoolingKind {
    /** The largest value. */
    @JsonProperty("max")
    MAX,
    /** The mean of the values. */
    @JsonProperty("average")
    AVERAGE
  }

  /** How values between those of a map are found when it is brought to another size. */
  enum Interpolation {
    /** The value of one pixel, repeated. */
    @JsonProperty("nearest")
    NEAREST,
    /** Pixel centres aligned ("half pixel"), border values repeated. */
    @JsonProperty("bilinear")
    BILINEAR
  }
}
