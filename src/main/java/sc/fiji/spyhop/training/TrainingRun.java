package sc.fiji.spyhop.training;

import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;

/** A training of any kind that ends in a model; see {@link Training#run}. */
public interface TrainingRun {

  /** Trains until all is done or the user has had enough. */
  ModelTraining.Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress);
}
