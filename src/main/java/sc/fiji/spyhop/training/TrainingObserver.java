package sc.fiji.spyhop.training;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.weights.Weights;

/** Watches {@link TrainingLoop} and says what goes wrong. Must not throw. */
public interface TrainingObserver {

  /** Sees nothing. */
  TrainingObserver NONE = new TrainingObserver() {};

  /**
   * The last step of an epoch is about to be made.
   *
   * @param weights gives a copy of the present ones
   */
  default void beforeLastStep(Supplier<Weights> weights) {}

  /** A step was made. */
  default void step(Trainer.Step made) {}

  /**
   * An epoch was completed.
   *
   * @param number from 1
   * @param rate learning rate of its last step
   * @param weights gives a copy of the present ones
   * @param last what its last step learned from
   * @return what goes wrong now, whether it was told of before or not
   */
  default List<Diagnostic> epoch(
      int number, double rate, Supplier<Weights> weights, Minibatch last) {
    return List.of();
  }

  /** What it has to know again if the training is interrupted, as text. */
  default String memory() {
    return "";
  }

  /** Knows again what it knew, from {@link #memory}; of older trainings that is empty. */
  default void remember(String memory) {}

  /**
   * A step came to numbers that are not finite and was not made.
   *
   * @param weights from before the step
   */
  default Optional<Diagnostic> notFinite(Trainer.Step made, Weights weights, Minibatch minibatch) {
    return Optional.empty();
  }
}
