package sc.fiji.spyhop.job;

import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.OtherOptionException;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingHistory;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingResult;

/**
 * A training that ends in one file and can be resumed, whatever it learns.
 *
 * @param kept where it keeps what it needs to be resumed
 * @param precision in which it is asked to compute
 */
record ResumableLearning(ModelTarget target, Checkpoints kept, Precision precision) {

  /**
   * What came of it.
   *
   * @param write writes the file; absent if there is nothing to write
   */
  record Written(TrainingResult result, Optional<Runnable> write) {}

  /** The training itself. */
  interface Course {
    Written run(Engine engine, TrainingListener listener);
  }

  TrainingEnd learn(Course course, TrainingListener listener) {
    Epochs done = new Epochs();
    try {
      Written written = course.run(Engines.forTraining(precision), listener.and(done));
      StopReason reason = written.result.reason();
      String explanation = written.result.explanation();
      boolean hasEnded = reason == StopReason.FINISHED || reason == StopReason.NO_IMPROVEMENT;
      if (kept.resume() && hasEnded && done.count == 0 && Files.exists(target.path())) {
        return new TrainingEnd(
            reason,
            "This training had ended before. " + explanation + " More epochs would go on with it.",
            Optional.empty(),
            target.path(),
            kept::discard);
      }
      return new TrainingEnd(reason, explanation, written.write, target.path(), kept::discard);
    } catch (OtherOptionException e) {
      throw Resumed.setting(e);
    } catch (CancellationException e) {
      return TrainingEnd.early(target.path(), kept::discard);
    }
  }

  /** Counts epochs that were completed. */
  private static final class Epochs implements TrainingListener {
    private int count;

    @Override
    public void epoch(TrainingHistory.Epoch epoch, int epochs) {
      count++;
    }
  }
}
