package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One named operation of a network: the closed vocabulary that every engine knows. Feature maps are
 * (sample, channel, space...); kernels, strides and factors have one entry per spatial dimension,
 * slowest first (row, column; depth in front for volumes).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Layer.Convolution.class, name = "convolution"),
  @JsonSubTypes.Type(value = Layer.TransposedConvolution.class, name = "transposed-convolution"),
  @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch-norm"),
  @JsonSubTypes.Type(value = Layer.Activation.class, name = "activation"),
  @JsonSubTypes.Type(value = Layer.Pooling.class, name = "pooling"),
  @JsonSubTypes.Type(value = Layer.GlobalPooling.class, name = "global-pooling"),
  @JsonSubTypes.Type(value = Layer.Upsampling.class, name = "upsampling"),
  @JsonSubTypes.Type(value = Layer.Dense.class, name = "dense"),
  @JsonSubTypes.Type(value = Layer.Dropout.class, name = "dropout"),
  @JsonSubTypes.Type(value = Layer.Concat.class, name = "concat"),
  @JsonSubTypes.Type(value = Layer.Add.class, name = "add"),
  @JsonSubTypes.Type(value = Layer.Flatten.class, name = "flatten"),
})
public sealed interface Layer {

  /** Unique within the network; also the name of its output. */
  String name();

  /** Names of the layers or network inputs that feed it, in order. */
  List<String> inputs();

  /** How a window treats the border. */
  enum Padding {
    /** Only windows that lie inside: {@code out = floor((in - k_eff) / stride) + 1}. */
    VALID,
    /**
     * Zeros around, the odd one below and right: {@code out = ceil(in / stride)}. Padding is not
     * counted by average pooling and never wins in max pooling.
     */
    SAME
  }

  /** Element-wise functions, and softmax over channels. */
  enum Function {
    IDENTITY,
    RELU,
    /** {@code x < 0 ? 0.01 x : x}. */
    LEAKY_RELU,
    TANH,
    SIGMOID,
    SOFTMAX
  }

  enum PoolingKind {
    MAX,
    AVERAGE
  }

  enum Interpolation {
    NEAREST,
    /** Pixel centres aligned ("half pixel"), border values repeated. */
    BILINEAR
  }

  /** A layer with exactly one input. */
  private static List<String> one(String input) {
    return List.of(input);
  }

  /**
   * Convolution (cross-correlation). Parameters: {@code weight} [filters, channels, kernel...] and
   * {@code bias} [filters].
   *
   * @param channels channels it expects to receive
   */
  record Convolution(
      String name,
      String input,
      int channels,
      int filters,
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> dilation,
      Padding padding,
      boolean bias)
      implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  /**
   * Transposed convolution. VALID: {@code out = (in - 1) * stride + kernel}; SAME: {@code out = in
   * * stride} (the surplus cropped, the odd one below and right). Parameters: {@code weight}
   * [channels, filters, kernel...] and {@code bias} [filters].
   */
  record TransposedConvolution(
      String name,
      String input,
      int channels,
      int filters,
      List<Integer> kernel,
      List<Integer> stride,
      Padding padding,
      boolean bias)
      implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  /**
   * Batch normalisation per channel (Ioffe and Szegedy 2015). Parameters: {@code weight}, {@code
   * bias}, {@code running_mean}, {@code running_var}, all [channels].
   *
   * @param momentum share of the running statistics kept at each training step, in [0, 1); the
   *     biased batch variance is averaged
   */
  record BatchNorm(String name, String input, int channels, double epsilon, double momentum)
      implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  record Activation(String name, String input, Function function) implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  record Pooling(
      String name,
      String input,
      PoolingKind kind,
      List<Integer> kernel,
      List<Integer> stride,
      Padding padding)
      implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  /** Reduces each channel to one number: (N, C, space...) to (N, C). */
  record GlobalPooling(String name, String input, PoolingKind kind) implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  record Upsampling(String name, String input, List<Integer> factor, Interpolation interpolation)
      implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  /**
   * Fully connected. Parameters: {@code weight} [units, features] and {@code bias} [units].
   *
   * @param features length of the vector it expects
   */
  record Dense(String name, String input, int features, int units, boolean bias) implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  /**
   * Dropout while training, the identity otherwise; kept values are scaled by 1 / (1 - rate).
   *
   * @param rate share of values set to zero, in [0, 1)
   */
  record Dropout(String name, String input, double rate) implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }

  /** Joins along channels. */
  record Concat(String name, List<String> inputs) implements Layer {
    public Concat {
      inputs = List.copyOf(inputs);
    }
  }

  /** Element-wise sum. */
  record Add(String name, List<String> inputs) implements Layer {
    public Add {
      inputs = List.copyOf(inputs);
    }
  }

  /** (N, C, space...) to (N, C * space), channel slowest. */
  record Flatten(String name, String input) implements Layer {
    @Override
    public List<String> inputs() {
      return one(input);
    }
  }
}
