package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.stream.Stream;

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
  @JsonSubTypes.Type(value = Layer.Multiply.class, name = "multiply"),
  @JsonSubTypes.Type(value = Layer.PRelu.class, name = "prelu"),
  @JsonSubTypes.Type(value = Layer.LocalResponseNorm.class, name = "local-response-norm"),
})
public sealed interface Layer {

  /** Unique within the network; also the name of its output. */
  String name();

  /** Names of the layers or network inputs that feed it, in order. */
  List<String> inputs();

  /** How a window treats the border. Padding never wins in max pooling. */
  sealed interface Padding {

    /** Only windows that lie inside: {@code out = floor((in - k_eff) / stride) + 1}. */
    Padding VALID = Rule.VALID;

    /**
     * Zeros around, the odd one below and right: {@code out = ceil(in / stride)}. They are not
     * counted by average pooling.
     */
    Padding SAME = Rule.SAME;

    /** {@link Padding#VALID} and {@link Padding#SAME}. */
    enum Rule implements Padding {
      @JsonProperty("valid")
      VALID,
      @JsonProperty("same")
      SAME
    }

    /**
     * So many zeros: {@code out = floor((before + in + after - k_eff) / stride) + 1}. As JSON a
     * list of {@code before}, then {@code after}, as in ONNX.
     *
     * @param before in front of the first value of each spatial dimension, in [0, 65535]
     * @param after behind the last
     */
    record Explicit(List<Integer> before, List<Integer> after) implements Padding {
      public Explicit {
        before = Checks.padding(before);
        after = Checks.padding(after);
      }

      @JsonValue
      List<Integer> all() {
        return Stream.concat(before.stream(), after.stream()).toList();
      }
    }

    /** Explicit padding of a plane. */
    static Padding of(int top, int left, int bottom, int right) {
      return new Explicit(List.of(top, left), List.of(bottom, right));
    }
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
    HARD_SWISH
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
   * Convolution (cross-correlation). Parameters: {@code weight} [filters, channels / groups,
   * kernel...] and {@code bias} [filters].
   *
   * @param channels channels it expects to receive
   * @param groups parts into which channels and filters are split in order; each part of the
   *     filters sees only its part of the channels. With as many groups as channels it is depthwise
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
      boolean bias,
      @JsonProperty(defaultValue = "1") int groups)
      implements Layer {
    public Convolution {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.positive(name, "channels", channels);
      Checks.positive(name, "filters", filters);
      kernel = Checks.sizes(name, "kernel", kernel);
      stride = Checks.sizes(name, "stride", stride, kernel);
      dilation = Checks.sizes(name, "dilation", dilation, kernel);
      Checks.padding(name, padding, kernel.size());
      Checks.positive(name, "groups", groups);
      Checks.divides(name, groups, "channels", channels);
      Checks.divides(name, groups, "filters", filters);
    }

    /** In one group. */
    public Convolution(
        String name,
        String input,
        int channels,
        int filters,
        List<Integer> kernel,
        List<Integer> stride,
        List<Integer> dilation,
        Padding padding,
        boolean bias) {
      this(name, input, channels, filters, kernel, stride, dilation, padding, bias, 1);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /**
   * Transposed convolution. VALID: {@code out = (in - 1) * stride + kernel}; SAME: {@code out = in
   * * stride} (the surplus cropped, the odd one below and right), with a kernel no smaller than the
   * stride; explicit padding is cropped from what VALID gives, so that an "output padding" is that
   * much less {@code after}. Parameters: {@code weight} [channels, filters, kernel...] and {@code
   * bias} [filters].
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
      Checks.padding(name, padding, kernel.size());
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

  /**
   * Maximum or mean of windows.
   *
   * @param padding if explicit, smaller than the kernel
   * @param ceilMode whether a last window may reach beyond the padding, if it begins before it:
   *     {@code out = ceil((before + in + after - kernel) / stride) + 1}, as in Caffe; not with SAME
   * @param countIncludePad whether explicit padding counts as zeros in averages; what ceil mode
   *     adds never does
   */
  record Pooling(
      String name,
      String input,
      PoolingKind kind,
      List<Integer> kernel,
      List<Integer> stride,
      Padding padding,
      @JsonProperty(defaultValue = "false") boolean ceilMode,
      @JsonProperty(defaultValue = "false") boolean countIncludePad)
      implements Layer {
    public Pooling {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.present(name, "kind", kind);
      kernel = Checks.sizes(name, "kernel", kernel);
      stride = Checks.sizes(name, "stride", stride, kernel);
      Checks.padding(name, padding, kernel.size());
      Checks.pooling(name, padding, kernel, ceilMode, countIncludePad);
    }

    /** Of whole windows, in which only what is there counts. */
    public Pooling(
        String name,
        String input,
        PoolingKind kind,
        List<Integer> kernel,
        List<Integer> stride,
        Padding padding) {
      this(name, input, kind, kernel, stride, padding, false, false);
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

  /**
   * Element-wise product of two or more. Each after the first has the shape of the first, or as
   * many channels and one value for each (a vector, or a map of size 1), by which the whole channel
   * is multiplied, as in squeeze-and-excitation (Hu et al. 2018).
   */
  record Multiply(String name, List<String> inputs) implements Layer {
    public Multiply {
      Checks.name("layer", name);
      inputs = Checks.inputs(name, inputs);
    }
  }

  /**
   * {@code x < 0 ? slope * x : x} with a slope for each channel that is learned (He et al. 2015).
   * Parameter: {@code weight} [channels].
   */
  record PRelu(String name, String input, int channels) implements Layer {
    public PRelu {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.positive(name, "channels", channels);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /**
   * Local response normalisation over channels (Krizhevsky et al. 2012, in the form of Caffe, ONNX
   * and PyTorch): {@code x / (k + alpha / size * sum of squares)^beta}, summed over the {@code
   * size} channels around.
   *
   * @param size odd
   */
  record LocalResponseNorm(String name, String input, int size, double alpha, double beta, double k)
      implements Layer {
    public LocalResponseNorm {
      Checks.name("layer", name);
      Checks.name("layer " + name + ": input", input);
      Checks.range(name, "size", size, size > 0 && size % 2 == 1, "that is odd");
      Checks.range(name, "alpha", alpha, alpha >= 0 && alpha <= 1e6, "in [0, 1e6]");
      Checks.range(name, "beta", beta, beta >= 0 && beta <= 100, "in [0, 100]");
      Checks.range(name, "k", k, k > 0 && k <= 1e6, "in (0, 1e6]");
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }
}
