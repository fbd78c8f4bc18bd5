package sc.fiji.spyhop.training;

import java.util.Optional;
import java.util.function.Supplier;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/** Keeps a training on disk, see {@link Checkpoints}. */
final class CheckpointStore {

  /**
   * All that a training needs to go on as if it had not been interrupted.
   *
   * @param weights of the trainer
   * @param average what is validated
   * @param optimizer memory of the optimiser
   * @param best the best weights so far
   * @param step steps made
   */
  record State(
      Weights weights,
      Weights average,
      Weights optimizer,
      Optional<Weights> best,
      long step,
      TrainingHistory history,
      double bestValue,
      int epochsSinceBest) {}

  /** What was kept, if it is to be resumed. */
  Optional<State> load(Network network) {
    return Optional.empty();
  }

  void save(boolean isBest, Supplier<State> state) {}
}
