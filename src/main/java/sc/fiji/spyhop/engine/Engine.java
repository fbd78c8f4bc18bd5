package sc.fiji.spyhop.engine;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.plugin.Extension;
import sc.fiji.spyhop.plugin.Kind;
import sc.fiji.spyhop.weights.Weights;

/**
 * Something that can run networks: the port behind which a deep-learning library hides. Found by
 * its name, which is short and lower case, such as {@code dl4j}; that of the highest priority is
 * asked first. Making one loads nothing: a library is loaded when first asked for devices. None
 * computes for a user before its numbers were checked on the machine.
 */
@Kind("engine")
public interface Engine extends Extension {

  /** What it can do at all; everything in 32 bits, unless said otherwise. */
  default Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.EIGHT_BITS, Capability.FILES));
  }

  /** Whether it can run this network; every one, unless said otherwise. */
  default boolean supports(Network network) {
    return true;
  }

  /** What it can compute on here, best first; empty if it cannot run on this machine. */
  List<Device> devices();

  /**
   * The library that computes, as it runs here; loads it.
   *
   * @throws SpyhopException if it cannot be loaded, with the reason
   */
  Library library();

  /**
   * The GPUs among {@link #devices}; none, unless said otherwise. Where it has none, nothing is
   * loaded that only processors need.
   */
  default List<Device> gpus() {
    return List.of();
  }

  /**
   * The processor, computing in 16 bits (bfloat16) where that gains time; none, unless said
   * otherwise, and none where the processor lacks it.
   *
   * @return to be given to {@link #predictor} and {@link #trainer}, its {@link Device#arithmetic}
   *     being {@link Device#BFLOAT16}
   */
  default Optional<Device> bfloat16() {
    return Optional.empty();
  }

  /** Multiplies matrices on processors; in plain Java, unless said otherwise. To be closed. */
  default MatrixProduct products() {
    return new JavaProduct();
  }

  /**
   * Compiles for prediction: dropout is off and batch norm uses its running statistics.
   *
   * @return one whose {@link Predictor#gradient} works if this engine has {@link
   *     Capability#GRADIENTS}
   * @throws SpyhopException if shapes within the network do not fit each other, or the weights do
   *     not fit the network
   */
  Predictor predictor(Network network, Weights weights, Device device);

  /**
   * Compiles for prediction, some of it in eight bits.
   *
   * @throws SpyhopException besides as above, if this engine lacks {@link Capability#EIGHT_BITS}
   *     and there is something in eight bits
   */
  default Predictor predictor(
      Network network, Weights weights, Quantization quantization, Device device) {
    if (quantization.isNone()) return predictor(network, weights, device);
    throw new SpyhopException(
        library().name()
            + " does not compute in eight bits, which this model asks for; ONNX Runtime does.");
  }

  /**
   * Compiles a network of another program as it is.
   *
   * @param limit after which a run is broken off, if there is one
   * @throws SpyhopException if the file asks for more than such an engine does by itself, or is not
   *     sound
   * @throws UnsupportedOperationException if this engine lacks {@link Capability#FILES}
   */
  default FileRunner runner(OnnxContent file, Optional<Duration> limit, Device device) {
    throw new UnsupportedOperationException(name() + ": this engine computes layers alone");
  }

  /** Compiles for prediction on the best device. */
  default Predictor predictor(Network network, Weights weights) {
    return predictor(network, weights, devices().get(0));
  }

  /** Compiles for training on the best device. */
  default Trainer trainer(Network network, Weights weights, TrainingPlan plan) {
    return trainer(network, weights, plan, devices().get(0));
  }

  /**
   * Compiles for training.
   *
   * @throws sc.fiji.spyhop.SpyhopException as for {@link #predictor}
   * @throws UnsupportedOperationException if this engine lacks {@link Capability#TRAINING}
   */
  default Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    throw new UnsupportedOperationException(name() + ": this engine does not train");
  }
}
