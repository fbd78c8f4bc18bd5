package sc.fiji.spyhop.job;

import java.util.concurrent.CancellationException;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingRun;

/**
 * A training that ends in one model.
 *
 * @param kept where it keeps what it needs to be resumed
 * @param plan reads the images
 */
public record ModelLearning(
    ModelTarget target, Checkpoints kept, Function<Progress, TrainingRun> plan)
    implements Learning {

  @Override
  public TrainingEnd learn(TrainingListener listener, Progress progress) {
    try {
      TrainingRun training = plan.apply(progress);
      Engine engine = Engines.forTraining();
      TrainingRun.Outcome outcome =
          training.run(engine, engine.devices().get(0), kept, listener, progress);
      return new TrainingEnd(
          outcome.result().reason(),
          outcome.result().explanation(),
          outcome.model().map(m -> () -> ModelFile.write(m, target.path())),
          target.path(),
          kept::discard);
    } catch (CancellationException e) {
      return TrainingEnd.early(target.path(), kept::discard);
    }
  }
}
