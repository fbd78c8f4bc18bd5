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
    R visit(Convolution l);

    R visit(TransposedConvolution l);

    R visit(BatchNorm l);

    R visit(Activation l);

    R visit(Pooling l);

    R visit(GlobalPooling l);

    R visit(Upsampling l);

    R visit(Dense l);

    R visit(Dropout l);

    R visit(Concat l);

    R visit(Add l);

    R visit(Flatten l);

    R visit(Multiply l);

    R visit(PRelu l);

    R visit(LocalResponseNorm l);

    R visit(Pad l);

    R visit(Resizing l);

    R visit(SelectChannels l);

    R visit(PixelShuffle l);

    R visit(GroupNorm l);

    R visit(LayerNorm l);

    R visit(Formula l);

    R visit(PluginLayer l);

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
    @JsonProperty("identity")
    IDENTITY,
    @JsonProperty("relu")
    RELU,
    /** {@code x < 0 ? 0.01 x : x}. */
    @JsonProperty("leaky-relu")
    LEAKY_RELU,
    @JsonProperty("tanh")
    TANH,
    @JsonProperty("sigmoid")
    SIGMOID,
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

  enum PoolingKind {
    @JsonProperty("max")
    MAX,
    @JsonProperty("average")
    AVERAGE
  }

  enum Interpolation {
    @JsonProperty("nearest")
    NEAREST,
    /** Pixel centres aligned ("half pixel"), border values repeated. */
    @JsonProperty("bilinear")
    BILINEAR
  }
}
