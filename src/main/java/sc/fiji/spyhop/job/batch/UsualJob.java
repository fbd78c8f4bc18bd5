package sc.fiji.spyhop.job.batch;

import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.Task;

/** What a model is for, done with many images. */
public final class UsualJob {

  /**
   * What some kinds of models can be told; others pass it over.
   *
   * @param top how many classes to tell, from 1
   * @param score from which something is reported, in [0, 1]; absent: the model's
   */
  public record Options(Parts parts, int top, OptionalDouble score) {}

  private UsualJob() {}

  /**
   * The job of a model or pipeline.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   * @throws SpyhopException if there is none, or it is for something that needs more than images
   */
  public static BatchJob of(String nameOrPath, Options options) {
    return ModelRegistry.standard()
        .findSpec(nameOrPath)
        .map(ModelSpec::task)
        .map(task -> of(nameOrPath, task, options))
        .orElseGet(() -> new PipelineJob(nameOrPath, options.top()));
  }

  private static BatchJob of(String model, Task task, Options options) {
    if (task instanceof SegmentationTask) return new SegmentJob(model);
    if (task instanceof Classification) {
      return new ClassifyJob(model, options.parts(), options.top());
    }
    if (task instanceof Regression) return new RegressJob(model, options.parts());
    if (task instanceof Localization) return new LocalizeJob(model, options.score());
    if (task instanceof KeypointDetection) {
      return new KeypointsJob(model, options.score(), Optional.empty());
    }
    throw new SpyhopException("Model " + model + " is for something that has no batch.");
  }
}
