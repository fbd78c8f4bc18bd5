package sc.fiji.spyhop.model;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/** What files of models of all kinds have in common: tensors, and the care with which to read. */
final class ArchiveParts {

  static final String INPUT = "test-input.safetensors";
  static final String OUTPUT = "test-output.safetensors";
  static final String WEIGHTS = "weights.safetensors";

  /** Most bytes of the test input, and of the test output. */
  static final long MAX_EXAMPLE = 64L << 20;

  private ArchiveParts() {}

  interface Action<T> {
    T run() throws IOException;
  }

  /** Puts the name of the file before what is wrong with its content. */
  static <T> T labelled(String label, Action<T> action) throws IOException {
    try {
      return action.run();
    } catch (SpyhopException e) {
      if (e.getMessage().startsWith(label)) throw e;
      String sentence = e.getMessage().endsWith(".") ? "" : ".";
      throw new SpyhopException(label + ": " + e.getMessage() + sentence, e);
    }
  }

  /** The tensors of an entry of at most so many bytes. */
  static Weights tensors(String label, String entry, InputStream bytes, long most)
      throws IOException {
    return labelled(label + ": " + entry, () -> Safetensors.read(bytes, most).weights());
  }

  /** The parameters of a network: all of them, nothing else, and numbers. */
  static Weights weights(String label, Network network, InputStream bytes) throws IOException {
    Weights read = tensors(label, WEIGHTS, bytes, mostBytes(label, network));
    return labelled(label, () -> read.fittedTo(network).requireFinite());
  }

  /** Twice what the architecture takes, so that a little too much is still told by name. */
  private static long mostBytes(String label, Network network) {
    long expected = 0;
    for (Parameter p : Parameters.of(network)) expected += 4 * p.length();
    long heap = Runtime.getRuntime().maxMemory();
    if (expected > heap) {
      throw new SpyhopException(
          label
              + ": the weights take "
              + (expected >> 20)
              + " MB, but Java may use "
              + (heap >> 20)
              + " MB in all. "
              + SpyhopException.MORE_HEAP);
    }
    return 2 * expected + (1 << 20);
  }

  /** A tensor of an example, with the axes that its rank tells. */
  static Tensor named(Weights tensors, String entry, String name) {
    Tensor t = tensors.tensors().get(name);
    if (t == null) throw new SpyhopException(entry + ": tensor " + name + " is missing.");
    Axes axes = t.rank() == 4 ? Axes.NCHW : t.rank() == 2 ? Axes.NC : t.axes();
    return t.reshape(axes, t.shape());
  }

  static Archive.Source source(Map<String, Tensor> tensors) {
    return out -> Safetensors.write(out, new Weights(tensors), Map.of());
  }
}
