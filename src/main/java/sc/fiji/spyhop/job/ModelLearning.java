package sc.fiji.spyhop.job;

import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.OtherOptionException;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingHistory;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingRun;

/**
 * A training that ends in one model.
 *
 * @param kept where it keeps what it needs to be resumed
 * @param precision in which it is asked to compute
 * @param plan reads the images
 */
public record ModelLearning(
    ModelTarget target, Checkpoints kept, Precision precision, Function<Progress, TrainingRun> plan)
    implements Learning {

  @Override
  public TrainingEnd learn(TrainingListener listener, Progress progress) {
    Epochs done = new Epochs();
    try {
      Engine engine = Engines.forTraining(precision);
      TrainingRun training = plan.apply(progress);
      TrainingRun.Outcome outcome =
          training.run(engine, engine.devices().get(0), kept, listener.and(done), progress);
      StopReason reason = outcome.result().reason();
      String explanation = outcome.result().explanation();
      boolean hasEnded = reason == StopReason.FINISHED || reason == StopReason.NO_IMPROVEMENT;
      if (kept.resume() && hasEnded && done.count == 0 && Files.exists(target.path())) {
        return new TrainingEnd(
            reason,
            "This training had ended before. " + explanation + " More epochs would go on with it.",
            Optional.empty(),
            target.path(),
            kept::discard);
      }
      return new TrainingEnd(
          reason,
          explanation,
          outcome.model().map(m -> () -> ModelFile.write(m, target.path())),
          target.path(),
          kept::discard);
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
