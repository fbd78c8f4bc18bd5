package sc.fiji.spyhop.job;

import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.training.Checkpoints;
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
    return new ResumableLearning(target, kept, precision)
        .learn(
            (engine, told) -> {
              TrainingRun.Outcome outcome =
                  plan.apply(progress).run(engine, engine.devices().get(0), kept, told, progress);
              return new ResumableLearning.Written(
                  outcome.result(),
                  outcome.model().map(m -> () -> ModelFile.write(m, target.path())));
            },
            listener);
  }
}
