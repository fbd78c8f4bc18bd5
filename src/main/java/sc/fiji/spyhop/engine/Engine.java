package sc.fiji.spyhop.engine;

import java.util.List;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/**
 * Something that can run networks: the port behind which a deep-learning library hides. Found
 * through {@link java.util.ServiceLoader}; see {@link Engines}.
 */
public interface Engine {

  /** Short and lower case, such as {@code dl4j}. */
  String name();

  /** What it can compute on here, best first; empty if it cannot run on this machine. */
  List<Device> devices();

  /**
   * Compiles for prediction: dropout is off and batch norm uses its running statistics.
   *
   * @throws sc.fiji.spyhop.SpyhopException if shapes within the network do not fit each other, or
   *     the weights do not fit the network
   */
  Predictor predictor(Network network, Weights weights, Device device);

  /**
   * Compiles for training.
   *
   * @throws sc.fiji.spyhop.SpyhopException as for {@link #predictor}
   * @throws UnsupportedOperationException if this engine only predicts
   */
  Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device);
}
