package sc.fiji.spyhop.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network with its weights, what it is for, and an example by which to tell whether it still does
 * what it did. What a {@code .spyhop} file holds; see {@link ModelFile}.
 *
 * @param network one input, of the channels of the specification; its outputs are the heads of the
 *     task, in that order
 * @param weights all parameters of the network and nothing else
 */
public record Model(ModelSpec spec, Network network, Weights weights, Optional<Example> example) {

  /**
   * An input and what the network made of it when the model was made.
   *
   * @param input pixel values before normalisation, [1, channels, height, width]
   * @param outputs in the order of the network's outputs
   */
  public record Example(Tensor input, List<Tensor> outputs) {
    public Example {
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * How far outputs are from what they were.
   *
   * @param largestDifference between two values
   * @param tolerance up to which they count as equal
   */
  public record Check(double largestDifference, double tolerance) {
    public boolean passed() {
      return largestDifference <= tolerance;
    }
  }

  /**
   * The same model with an example.
   *
   * @param pixels before normalisation, [1, channels, height, width], of a size the network takes
   * @param network from a normalised input to the network's outputs
   */
  public Model withExample(Tensor pixels, Function<Tensor, List<Tensor>> network) {
    throw new UnsupportedOperationException();
  }

  /**
   * Runs the example again.
   *
   * @param network from a normalised input to the network's outputs
   * @throws sc.fiji.spyhop.SpyhopException if the model has no example
   */
  public Check check(Function<Tensor, List<Tensor>> network) {
    throw new UnsupportedOperationException();
  }

  /** SHA-256, in hexadecimal, of the file that {@link ModelFile#write} would write. */
  public String sha256() {
    throw new UnsupportedOperationException();
  }
}
