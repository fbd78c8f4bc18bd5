package sc.fiji.spyhop.job;

import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.training.TrainingListener;

/** A training that is ready to begin. */
@FunctionalInterface
public interface Learning {

  /**
   * Trains until all is done or the user has had enough.
   *
   * @param listener told after each epoch
   * @throws sc.fiji.spyhop.SpyhopException before any work if the images cannot be trained on
   */
  TrainingEnd learn(TrainingListener listener, Progress progress);
}
