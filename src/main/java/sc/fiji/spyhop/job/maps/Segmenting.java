package sc.fiji.spyhop.job.maps;

import java.util.List;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;

/**
 * How planes of an image are segmented: by a model, or of maps that were kept.
 *
 * @param frames of the image
 * @param classes names of labels 1, 2, ...; empty if labels number objects
 * @param scale in which the image is shown to the model
 * @param planes what is in each plane
 */
public record Segmenting(
    Frames frames,
    List<String> classes,
    ShownScale scale,
    HyperstackResults.Look<Segmentation> planes) {

  /**
   * By a model.
   *
   * @param maps takes what the model gives
   */
  public static Segmenting by(
      Runner<Segmentation> model, Frames frames, ShownScale scale, MapsWriter maps) {
    return new Segmenting(
        frames,
        model.spec().task(TaskKind.SEGMENTATION).labelNames(),
        scale,
        (z, t, frame, part) -> model.predict(frame, scale.factor(), part, maps.plane(z, t)));
  }
}
