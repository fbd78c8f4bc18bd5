package sc.fiji.spyhop.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network with its weights, what it is for, and an example by which to tell whether it still does
 * what it did. What a {@code .spyhop} file holds; see {@link ModelFile}.
 *
 * @param network one input, of the channels of the specification; its outputs are the heads of the
 *     task, in that order, whatever their names
 * @param spec everything else there is to know
 * @param weights all parameters of the network and nothing else
 * @param example by which to tell whether the model is run as it was meant
 * @param quantization what is computed in eight bits when the model predicts; the weights are those
 *     of 32 bits all the same, with which it goes on learning
 * @param presentation how it is shown to people
 */
public record Model(
    ModelSpec spec,
    Network network,
    Weights weights,
    Optional<Example> example,
    Quantization quantization,
    Presentation presentation) {

  /** How far an output may be from what it was: processors round differently. */
  public static final double TOLERANCE = 1e-3;

  /**
   * The same in eight bits, where a difference in the last digit may become one of a whole step of
   * a map, some of which meet in an output. Files that are kept as they are may compute so, too.
   */
  public static final double QUANTIZED_TOLERANCE = 2e-2;

  /** The same in 16 bits (bfloat16): each map is rounded by up to 1/512, some after each other. */
  public static final double BFLOAT16_TOLERANCE = 5e-2;

  /**
   * An input and what the network made of it when the model was made.
   *
   * @param input pixel values of an image, before it is fitted and normalised, [1, channels,
   *     height, width]
   * @param outputs in the order of the network's outputs
   */
  public record Example(Tensor input, List<Tensor> outputs) {
    /** Copies the list. */
    public Example {
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * How far outputs are from what they were.
   *
   * @param largestDifference between two values; NaN if a value is not a number
   * @param tolerance up to which they count as equal
   */
  public record Check(double largestDifference, double tolerance) {
    /** Whether the model still does what it did; never if a value is not a number. */
    public boolean passed() {
      return largestDifference <= tolerance;
    }
  }

  /**
   * Checks the parts against each other.
   *
   * @throws SpyhopException if the parts do not fit each other
   */
  public Model {
    require(network.inputs().size() == 1, "a network with one input", network.inputs().size());
    Shape input = network.inputs().get(0).shape();
    require(
        input.channels() == spec.input().channels(),
        "a network for " + spec.input().channels() + " channels",
        input.channels());
    require(
        spec.input().axes().equals(Axes.NCHW) && input.space().size() == 2,
        "a network for planes, NCHW",
        spec.input().axes() + " with " + input.space().size() + " dimensions of space");
    Ends.of(network, spec.task());
    if (spec.input().fit().isFixed()) {
      Resize.View view = spec.input().fit().view(1, 1);
      Shape shown = Shape.of(input.channels(), view.height(), view.width());
      require(
          !input.isFixed() || input.equals(shown),
          Strings.format(
              "a network for the %d x %d pixels that it is shown (rows x columns)",
              view.height(), view.width()),
          input);
      Shapes.of(network, Map.of(network.inputs().get(0).name(), shown));
    }
    weights = weights.fittedTo(network);
    example.ifPresent(e -> check(spec, network, e));
    quantization.fittedTo(network);
  }

  /** A model with nothing to show to people. */
  public Model(
      ModelSpec spec,
      Network network,
      Weights weights,
      Optional<Example> example,
      Quantization quantization) {
    this(spec, network, weights, example, quantization, Presentation.NONE);
  }

  /** A model in 32 bits. */
  public Model(ModelSpec spec, Network network, Weights weights, Optional<Example> example) {
    this(spec, network, weights, example, Quantization.NONE);
  }

  /** A model in 32 bits without an example. */
  public Model(ModelSpec spec, Network network, Weights weights) {
    this(spec, network, weights, Optional.empty());
  }

  private static void check(ModelSpec spec, Network network, Example example) {
    Tensor input = example.input();
    require(
        input.axes().equals(Axes.NCHW)
            && input.size('N') == 1
            && input.size('C') == spec.input().channels(),
        "a test input NCHW[1, " + spec.input().channels() + ", height, width]",
        input);
    require(
        example.outputs().size() == network.outputs().size(),
        network.outputs().size() + " test outputs",
        example.outputs().size());
  }

  /**
   * Refuses a model whose layers would have to be known.
   *
   * @param what such as "it cannot be trained further"
   * @throws SpyhopException if its network is kept as it is
   */
  public void requireLayers(String what) {
    OnnxGraph.refuse(network, "Model " + spec.name(), what);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException("Model: expected " + expected + ", received " + received + ".");
    }
  }

  /**
   * The same network and weights, described in other words; everything is checked again.
   *
   * @throws SpyhopException if the parts do not fit each other
   */
  public Model withSpec(ModelSpec newSpec) {
    return new Model(newSpec, network, weights, example, quantization, presentation);
  }

  /** The same, shown to people in another way. */
  public Model withPresentation(Presentation other) {
    return new Model(spec, network, weights, example, quantization, other);
  }

  /** The same in 32 bits, without an example, which was made in eight. */
  public Model unquantized() {
    return quantization.isNone()
        ? this
        : new Model(spec, network, weights).withPresentation(presentation);
  }

  /**
   * The model compiled for prediction.
   *
   * @return holds native memory until it is closed
   * @throws SpyhopException as {@link Engine#predictor(Network, Weights, Quantization, Device)}
   */
  public Predictor predictor(Engine engine, Device device) {
    return engine.predictor(network, weights, quantization, device);
  }

  /**
   * The same model with an example.
   *
   * @param pixels before normalisation, [1, channels, height, width], of a size the network takes
   * @param predictor from a normalised input to the network's outputs
   * @return with outputs as the predictor gives them now
   */
  public Model withExample(Tensor pixels, Function<Tensor, List<Tensor>> predictor) {
    List<Tensor> outputs = predictor.apply(normalized(pixels));
    return new Model(
        spec,
        network,
        weights,
        Optional.of(new Example(pixels, outputs)),
        quantization,
        presentation);
  }

  /**
   * Runs the example again, normalisation included.
   *
   * @param predictor from a normalised input to the network's outputs
   * @return how far the outputs are from those that were kept
   * @throws SpyhopException if the model has no example, or outputs are of another shape
   */
  public Check check(Function<Tensor, List<Tensor>> predictor) {
    boolean isExact = quantization.isNone() && OnnxGraph.fileIn(network).isEmpty();
    return check(predictor, isExact ? TOLERANCE : QUANTIZED_TOLERANCE);
  }

  /**
   * The same, as exactly as a device computes.
   *
   * @param device on which the predictor runs, whose arithmetic decides the tolerance
   * @throws SpyhopException as above
   */
  public Check check(Function<Tensor, List<Tensor>> predictor, Device device) {
    return device.arithmetic().equals(Device.BFLOAT16)
        ? check(predictor, BFLOAT16_TOLERANCE)
        : check(predictor);
  }

  private Check check(Function<Tensor, List<Tensor>> predictor, double tolerance) {
    Example e =
        example.orElseThrow(
            () ->
                new SpyhopException(
                    "Model " + spec.name() + " has no test input, so it cannot be checked."));
    List<Tensor> outputs = predictor.apply(normalized(e.input()));
    double largest = 0;
    for (int i = 0; i < e.outputs().size(); i++) {
      Tensor expected = e.outputs().get(i);
      Tensor received = outputs.get(i);
      require(
          Arrays.equals(expected.shape(), received.shape()), "test output " + expected, received);
      for (int k = 0; k < expected.length(); k++) {
        double difference = Math.abs((double) expected.data()[k] - received.data()[k]);
        largest = Math.max(largest, difference);
      }
    }
    return new Check(largest, tolerance);
  }

  private Tensor normalized(Tensor pixels) {
    return spec.input()
        .read(
            new Frame(
                "test input",
                ArrayImgs.floats(
                    pixels.data().clone(), pixels.size('W'), pixels.size('H'), pixels.size('C')),
                spec.input().pixelSize()));
  }

  /** SHA-256, in hexadecimal, of the file that {@link ModelFile#write} would write. */
  public String sha256() {
    return Checksums.sha256(out -> ModelFile.write(this, out));
  }

  /** CRC-32, in hexadecimal, of that file: fast, and enough where nobody means to deceive. */
  public String crc32() {
    return Checksums.crc32(out -> ModelFile.write(this, out));
  }
}
