package sc.fiji.spyhop.job;

import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.model.GeneratorFile;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.GeneratorTraining;
import sc.fiji.spyhop.training.TrainingListener;

/**
 * A training that ends in a model that makes images.
 *
 * @param kept where it keeps what it needs to be resumed
 * @param precision in which it is asked to compute
 * @param plan reads the images
 */
public record GeneratorLearning(
    ModelTarget target,
    Checkpoints kept,
    Precision precision,
    Function<Progress, GeneratorTraining> plan)
    implements Learning {

  @Override
  public TrainingEnd learn(TrainingListener listener, Progress progress) {
    return new ResumableLearning(target, kept, precision)
        .learn(
            (engine, told) -> {
              GeneratorTraining.Outcome outcome =
                  plan.apply(progress).run(engine, engine.devices().get(0), kept, told, progress);
              return new ResumableLearning.Written(
                  outcome.result(),
                  outcome.generator().map(g -> () -> GeneratorFile.write(g, target.path())));
            },
            listener);
  }
}
