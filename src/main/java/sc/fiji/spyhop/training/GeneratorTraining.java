package sc.fiji.spyhop.training;

import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.model.Generator;

/** A training of any kind that ends in a model that makes images. */
public interface GeneratorTraining {

  /**
   * What came of it.
   *
   * @param generator with the best weights; absent if no epoch was completed
   */
  record Outcome(Optional<Generator> generator, TrainingResult result) {}

  /** Trains until all is done or the user has had enough. */
  Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress);
}
