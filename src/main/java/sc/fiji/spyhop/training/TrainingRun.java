package sc.fiji.spyhop.training;

import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.model.Model;

/** A training of any kind that ends in a model; see {@link Training#run}. */
public interface TrainingRun {

  /**
   * What came of it.
   *
   * @param model with the best weights; absent if no epoch was completed
   */
  record Outcome(Optional<Model> model, TrainingResult result) {

    /** The same where what came after it came to nothing, and is why it ended. */
    public Outcome ending(StopReason reason, String explanation) {
      return new Outcome(
          model,
          new TrainingResult(result.best(), result.last(), result.history(), reason, explanation));
    }
  }

  /** Trains until all is done or the user has had enough. */
  Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress);
}
