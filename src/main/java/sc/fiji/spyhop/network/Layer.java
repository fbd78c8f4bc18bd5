package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

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
    @JsonProperty("valid")
    VALID,
    /**
     * Zeros around, the odd one below and right: {@code out = ceil(in / stride)}. Padding is not
     * counted by average pooling and never wins in max pooling.
     */
    @JsonProperty("same")
    SAME
  }

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
    SOFTMAX
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
    public Convolution {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.positive(name, "channels", channels);
      Checks.positive(name, "filters", filters);
      kernel = Checks.sizes(name, "kernel", kernel);
      stride = Checks.sizes(name, "stride", stride, kernel);
      dilation = Checks.sizes(name, "dilation", dilation, kernel);
      Checks.present(name, "padding", padding);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /**
   * Transposed convolution. VALID: {@code out = (in - 1) * stride + kernel}; SAME: {@code out = in
   * * stride} (the surplus cropped, the odd one below and right), with a kernel no smaller than the
   * stride. Parameters: {@code weight} [channels, filters, kernel...] and {@code bias} [filters].
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
    public TransposedConvolution {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.positive(name, "channels", channels);
      Checks.positive(name, "filters", filters);
      kernel = Checks.sizes(name, "kernel", kernel);
      stride = Checks.sizes(name, "stride", stride, kernel);
      Checks.present(name, "padding", padding);
      if (padding == Padding.SAME) Checks.covers(name, kernel, stride);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
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
    public BatchNorm {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.positive(name, "channels", channels);
      Checks.range(name, "epsilon", epsilon, epsilon > 0 && epsilon < 1, "in (0, 1)");
      Checks.range(name, "momentum", momentum, momentum >= 0 && momentum < 1, "in [0, 1)");
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  record Activation(String name, String input, Function function) implements Layer {
    public Activation {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.present(name, "function", function);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
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
    public Pooling {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.present(name, "kind", kind);
      kernel = Checks.sizes(name, "kernel", kernel);
      stride = Checks.sizes(name, "stride", stride, kernel);
      Checks.present(name, "padding", padding);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /** Reduces each channel to one number: (N, C, space...) to (N, C). */
  record GlobalPooling(String name, String input, PoolingKind kind) implements Layer {
    public GlobalPooling {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.present(name, "kind", kind);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  record Upsampling(String name, String input, List<Integer> factor, Interpolation interpolation)
      implements Layer {
    public Upsampling {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      factor = Checks.sizes(name, "factor", factor);
      Checks.present(name, "interpolation", interpolation);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /**
   * Fully connected. Parameters: {@code weight} [units, features] and {@code bias} [units].
   *
   * @param features length of the vector it expects
   */
  record Dense(String name, String input, int features, int units, boolean bias) implements Layer {
    public Dense {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.positive(name, "features", features);
      Checks.positive(name, "units", units);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /**
   * Dropout while training, the identity otherwise; kept values are scaled by 1 / (1 - rate).
   *
   * @param rate share of values set to zero, in [0, 1)
   */
  record Dropout(String name, String input, double rate) implements Layer {
    public Dropout {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.range(name, "rate", rate, rate >= 0 && rate < 1, "in [0, 1)");
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /** Joins two or more along channels. */
  record Concat(String name, List<String> inputs) implements Layer {
    public Concat {
      Checks.name("layer", name);
      inputs = Checks.inputs(name, inputs);
    }
  }

  /** Element-wise sum of two or more of equal shape. */
  record Add(String name, List<String> inputs) implements Layer {
    public Add {
      Checks.name("layer", name);
      inputs = Checks.inputs(name, inputs);
    }
  }

  /** (N, C, space...) to (N, C * space), channel slowest. */
  record Flatten(String name, String input) implements Layer {
    public Flatten {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }
}
