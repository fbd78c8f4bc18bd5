package sc.fiji.spyhop.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;

/**
 * The usual order of steps, each left out if there is no model for it: localize and crop, find
 * keypoints, align, then classify, segment and measure.
 *
 * @param localizer finds objects
 * @param classes of objects to go on with; empty: all
 * @param minScore least score of an object, in [0, 1]
 * @param maxObjects of one image
 * @param margin see {@link PipelineStep.Crop}
 * @param width of pictures, cropped and aligned, pixels
 * @param height of pictures, pixels
 * @param keypoints finds keypoints
 * @param minConfidence least confidence of a keypoint, in [0, 1]
 * @param anchors two or more to align, or none
 */
public record UsualChain(
    Optional<Model> localizer,
    List<String> classes,
    double minScore,
    int maxObjects,
    double margin,
    int width,
    int height,
    Optional<Model> keypoints,
    double minConfidence,
    List<PipelineStep.Anchor> anchors,
    Optional<Model> classifier,
    Optional<Model> segmenter,
    Optional<Model> regressor) {

  /**
   * A place such as {@code snout:48:10}.
   *
   * @throws SpyhopException if it is none
   */
  public static PipelineStep.Anchor anchor(String text) {
    int second = text.lastIndexOf(':');
    int first = second < 0 ? -1 : text.lastIndexOf(':', second - 1);
    try {
      if (first > 0) {
        return new PipelineStep.Anchor(
            text.substring(0, first).strip(),
            Double.parseDouble(text.substring(first + 1, second)),
            Double.parseDouble(text.substring(second + 1)));
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new SpyhopException(
        "Anchor: expected a keypoint and its place in pixels, such as snout:48:10, received \""
            + text
            + "\".");
  }

  /**
   * The pipeline.
   *
   * @throws SpyhopException if no model is given, or the chain does not fit
   */
  public Pipeline pipeline(
      String name,
      String description,
      ModelSpec.Training training,
      String author,
      String license,
      String citation) {
    Map<String, Model> models = new LinkedHashMap<>();
    localizer.ifPresent(m -> models.put("localizer", m));
    keypoints.ifPresent(m -> models.put("keypoints", m));
    classifier.ifPresent(m -> models.put("classifier", m));
    segmenter.ifPresent(m -> models.put("segmenter", m));
    regressor.ifPresent(m -> models.put("regressor", m));
    List<PipelineStep> steps = new ArrayList<>();
    if (localizer.isPresent()) {
      steps.add(new PipelineStep.Localize("localizer", classes, minScore, maxObjects));
      steps.add(new PipelineStep.Crop(margin, width, height));
    }
    if (keypoints.isPresent()) steps.add(new PipelineStep.Keypoints("keypoints", minConfidence));
    if (!anchors.isEmpty()) steps.add(new PipelineStep.Align(anchors, width, height));
    if (classifier.isPresent()) steps.add(new PipelineStep.Classify("classifier"));
    if (segmenter.isPresent()) steps.add(new PipelineStep.Segment("segmenter"));
    if (regressor.isPresent()) steps.add(new PipelineStep.Regress("regressor"));
    return new Pipeline(
        new PipelineSpec(name, description, steps, training, author, license, citation), models);
  }
}
