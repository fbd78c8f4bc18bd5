package sc.fiji.spyhop.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;

/**
 * The pipeline that most need: localize, crop, find keypoints, align, then classify, segment or
 * measure, as far as there are models for it.
 *
 * @param objects absent: the whole image is looked at
 * @param width of pictures, cropped and aligned, pixels
 * @param height of pictures, pixels
 * @param classifier of pictures
 * @param segmenter of pictures
 * @param regressor of pictures
 */
public record DefaultPipeline(
    Optional<Objects> objects,
    int width,
    int height,
    Alignment alignment,
    Optional<Model> classifier,
    Optional<Model> segmenter,
    Optional<Model> regressor) {

  /**
   * Objects that are cut out.
   *
   * @param localizer finds them
   * @param classes of objects to go on with; empty: all
   * @param minScore minimum score of an object, in [0, 1]
   * @param maxObjects of one image
   * @param margin see {@link PipelineStep.Crop}
   */
  public record Objects(
      Model localizer, List<String> classes, double minScore, int maxObjects, double margin) {}

  /**
   * How pictures are turned upright.
   *
   * @param keypoints finds them; absent: none are looked for
   * @param minConfidence minimum confidence of a keypoint, in [0, 1]
   * @param anchors two or more to align, or none
   */
  public record Alignment(
      Optional<Model> keypoints, double minConfidence, List<PipelineStep.Anchor> anchors) {}

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
    objects.ifPresent(o -> models.put("localizer", o.localizer));
    alignment.keypoints.ifPresent(m -> models.put("keypoints", m));
    classifier.ifPresent(m -> models.put("classifier", m));
    segmenter.ifPresent(m -> models.put("segmenter", m));
    regressor.ifPresent(m -> models.put("regressor", m));
    List<PipelineStep> steps = new ArrayList<>();
    objects.ifPresent(
        o -> {
          steps.add(new PipelineStep.Localize("localizer", o.classes, o.minScore, o.maxObjects));
          steps.add(new PipelineStep.Crop(o.margin, width, height));
        });
    if (alignment.keypoints.isPresent()) {
      steps.add(new PipelineStep.Keypoints("keypoints", alignment.minConfidence));
    }
    if (!alignment.anchors.isEmpty()) {
      steps.add(new PipelineStep.Align(alignment.anchors, width, height));
    }
    if (classifier.isPresent()) steps.add(new PipelineStep.Classify("classifier"));
    if (segmenter.isPresent()) steps.add(new PipelineStep.Segment("segmenter"));
    if (regressor.isPresent()) steps.add(new PipelineStep.Regress("regressor"));
    return new Pipeline(
        new PipelineSpec(name, description, steps, training, author, license, citation), models);
  }
}
