package sc.fiji.spyhop.job.batch;

import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.ij.HyperstackRestoration.Depth;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.Task;

/** What a model is for, done with many images. */
public final class DefaultJob {

  /**
   * What some kinds of models can be told; others pass it over.
   *
   * @param top how many classes to tell, from 1
   * @param score from which something is reported, in [0, 1]; absent: the model's
   * @param look how things are looked for
   * @param adjust what is wanted of objects otherwise than the model has it
   * @param probabilities whether the maps that objects are decoded from are kept
   * @param depth what pixels of restored images are stored as
   */
  public record Options(
      Parts parts,
      int top,
      OptionalDouble score,
      Look look,
      Adjust adjust,
      boolean probabilities,
      Depth depth) {}

  private DefaultJob() {}

  /**
   * The job of a model or pipeline.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   * @throws sc.fiji.spyhop.SpyhopException if there is none, or it is shown everything in a size of
   *     its own and another is asked for
   */
  public static BatchJob of(String nameOrPath, Options options) {
    return ModelRegistry.standard()
        .findSpec(nameOrPath)
        .map(ModelSpec::task)
        .map(task -> of(nameOrPath, task, options))
        .orElseGet(
            () ->
                new PipelineJob(
                    nameOrPath, options.top(), options.look(), options.adjust().classes()));
  }

  private static BatchJob of(String model, Task<?, ?> task, Options options) {
    return task.accept(
        new Task.Visitor<>() {
          @Override
          public BatchJob classification(ClassTask of) {
            options.look().scaling().requireNone(model);
            options.look().requireAll("models that classify or measure");
            return new ClassifyJob(
                model, options.parts(), options.top(), options.look().precision());
          }

          @Override
          public BatchJob regression(Regression of) {
            options.look().scaling().requireNone(model);
            options.look().requireAll("models that classify or measure");
            return new RegressJob(model, options.parts(), options.look().precision());
          }

          @Override
          public BatchJob localization(Localization of) {
            return new LocalizeJob(
                model, options.score(), options.look(), options.adjust().classes());
          }

          @Override
          public BatchJob keypoints(KeypointDetection of) {
            return new KeypointsJob(model, options.score(), options.look(), Optional.empty());
          }

          @Override
          public BatchJob segmentation(SegmentationTask of) {
            return new SegmentJob(model, options.look(), options.adjust(), options.probabilities());
          }

          @Override
          public BatchJob restoration(Restoration of) {
            options.look().scaling().requireNone(model);
            options.look().requireAll("models that restore images");
            return new RestoreJob(model, options.depth(), options.look().precision());
          }
        });
  }
}
