package sc.fiji.spyhop.command;

import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.Decimals;

/** What a model has where settings are left empty, by key. */
final class ModelHints implements Task.Visitor<Map<String, String>> {

  private ModelHints() {}

  /** Of a model by name or file; nothing if there is no such model. */
  static Map<String, String> of(Object model) {
    try {
      return ModelRegistry.standard()
          .findSpec(String.valueOf(model).strip())
          .map(spec -> spec.task().accept(new ModelHints()))
          .orElse(Map.of());
    } catch (SpyhopException e) {
      return Map.of(); // told when it is to be used
    }
  }

  @Override
  public Map<String, String> classification(ClassTask task) {
    return Map.of();
  }

  @Override
  public Map<String, String> regression(Regression task) {
    return Map.of();
  }

  @Override
  public Map<String, String> localization(Localization task) {
    return score(task);
  }

  @Override
  public Map<String, String> keypoints(KeypointDetection task) {
    return score(task);
  }

  @Override
  public Map<String, String> segmentation(SegmentationTask task) {
    return task.adjustment().settings();
  }

  @Override
  public Map<String, String> restoration(Restoration task) {
    return Map.of();
  }

  private static Map<String, String> score(AnnotationTask task) {
    return Map.of("score", Decimals.text(task.threshold()));
  }
}
