package sc.fiji.spyhop.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network that makes images, with its weights, what it makes them from, and an example by which
 * to tell whether it still does what it did. What a {@code .spyhop} file of a generating model
 * holds; see {@link GeneratorFile}.
 *
 * @param spec everything else there is to know
 * @param network one input of [size, 1, 1], the size being that of the source, and one output of
 *     [channels, height, width], the channels being those of the specification and the sizes fixed,
 *     each a value from -1 to 1
 * @param weights all parameters of the network and nothing else
 * @param example by which to tell whether it is run as it was meant
 */
public record Generator(
    GeneratorSpec spec, Network network, Weights weights, Optional<Example> example) {

  /**
   * An input and what the network made of it when the model was made.
   *
   * @param input [1, size, 1, 1]
   * @param output [1, channels, height, width], about -1 to 1
   */
  public record Example(Tensor input, Tensor output) {}

  /** Maximum width and height of an image. */
  public static final int MAX_SIDE = 4096;

  /**
   * Checks the parts against each other.
   *
   * @throws SpyhopException if the parts do not fit each other
   */
  public Generator {
    require(network.inputs().size() == 1, "a network with one input", network.inputs().size());
    require(network.outputs().size() == 1, "a network with one output", network.outputs().size());
    require(OnnxGraph.fileIn(network).isEmpty(), "a network made of layers", "a file that is kept");
    Shape takes = network.inputs().get(0).shape();
    require(
        takes.equals(Shape.of(spec.source().size(), 1, 1)),
        "a network that takes " + Shape.of(spec.source().size(), 1, 1),
        takes);
    Shape makes = Shapes.of(network).get(network.outputs().get(0));
    require(
        makes.rank() == 2
            && makes.isFixed()
            && makes.space().stream().allMatch(side -> side <= MAX_SIDE),
        "a network that makes images of one size, up to " + MAX_SIDE + " pixels",
        makes);
    require(
        makes.channels() == spec.output().mapChannels(),
        "a network that makes " + spec.output().mapChannels() + " channels",
        makes);
    weights = weights.fittedTo(network);
    example.ifPresent(e -> check(takes, makes, e));
  }

  /** Without an example. */
  public Generator(GeneratorSpec spec, Network network, Weights weights) {
    this(spec, network, weights, Optional.empty());
  }

  private static void check(Shape takes, Shape makes, Example example) {
    int[] input = {1, takes.channels(), 1, 1};
    int[] output = {1, makes.channels(), makes.space().get(0), makes.space().get(1)};
    require(
        Arrays.equals(example.input().shape(), input),
        "a test input " + Arrays.toString(input),
        example.input());
    require(
        Arrays.equals(example.output().shape(), output),
        "a test output " + Arrays.toString(output),
        example.output());
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          "Generating model: expected " + expected + ", received " + received + ".");
    }
  }

  /** Rows of an image. */
  public int height() {
    return makes().space().get(0);
  }

  /** Columns of an image. */
  public int width() {
    return makes().space().get(1);
  }

  private Shape makes() {
    return Shapes.of(network).get(network.outputs().get(0));
  }

  /** The same network and weights, described in other words. */
  public Generator withSpec(GeneratorSpec newSpec) {
    return new Generator(newSpec, network, weights, example);
  }

  /**
   * The model compiled for making images.
   *
   * @return holds native memory until it is closed
   */
  public Predictor predictor(Engine engine, Device device) {
    return engine.predictor(network, weights, device);
  }

  /**
   * The same model with an example.
   *
   * @param input [1, size, 1, 1]
   * @param predictor from an input to the network's output
   */
  public Generator withExample(Tensor input, UnaryOperator<Tensor> predictor) {
    Example made = new Example(input, predictor.apply(input));
    return new Generator(spec, network, weights, Optional.of(made));
  }

  /**
   * Runs the example again.
   *
   * @param predictor from an input to the network's output
   * @param device on which it runs, which may compute in 16 bits
   * @throws SpyhopException if the model has no example, or the output is of another shape
   */
  public Model.Check check(UnaryOperator<Tensor> predictor, Device device) {
    Example e =
        example.orElseThrow(
            () ->
                new SpyhopException(
                    "Model " + spec.name() + " has no test input, so it cannot be checked."));
    Tensor received = predictor.apply(e.input());
    require(
        Arrays.equals(e.output().shape(), received.shape()), "test output " + e.output(), received);
    double largest = 0;
    for (int i = 0; i < received.length(); i++) {
      double difference = Math.abs((double) e.output().data()[i] - received.data()[i]);
      largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
    }
    boolean coarse = device.arithmetic().equals(Device.BFLOAT16);
    return new Model.Check(largest, coarse ? Model.BFLOAT16_TOLERANCE : Model.TOLERANCE);
  }

  /** SHA-256, in hexadecimal, of the file that {@link GeneratorFile#write} would write. */
  public String sha256() {
    return Checksums.sha256(out -> GeneratorFile.write(this, out));
  }

  /** CRC-32, in hexadecimal, of that file: fast, and enough where nobody means to deceive. */
  public String crc32() {
    return Checksums.crc32(out -> GeneratorFile.write(this, out));
  }
}
