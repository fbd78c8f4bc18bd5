package sc.fiji.spyhop.training;

import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
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

  /**
   * Trains on the best device of this machine, and keeps nothing on disk.
   *
   * @return the model with the best weights
   * @throws sc.fiji.spyhop.SpyhopException if the images cannot be trained on, or no epoch came to
   *     a good end
   */
  default Model trained() {
    return trained(TrainingListener.NONE, Progress.NONE);
  }

  /**
   * The same, told and to be cancelled.
   *
   * @throws java.util.concurrent.CancellationException if cancelled before an epoch was completed
   */
  default Model trained(TrainingListener listener, Progress progress) {
    Engine engine = Engines.forTraining();
    Outcome outcome = run(engine, engine.devices().get(0), Checkpoints.NONE, listener, progress);
    return outcome.model().orElseThrow(() -> new SpyhopException(outcome.result().explanation()));
  }

  /** Trains until all is done or the user has had enough. */
  Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress);
}
