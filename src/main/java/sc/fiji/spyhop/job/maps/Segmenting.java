package sc.fiji.spyhop.job.maps;

import java.util.Map;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.SegmentationTask;

/**
 * How planes of an image are segmented: by a model, or of maps that were kept.
 *
 * @param model name of the model, and on what it computed
 * @param used settings of how its outputs are decoded, by name
 * @param frames of the image
 * @param names of regions
 * @param scale in which the image is shown to the model
 * @param planes what is in each plane
 */
public record Segmenting(
    String model,
    Map<String, String> used,
    Frames frames,
    RegionNames names,
    ShownScale scale,
    HyperstackResults.Look<Segmentation> planes) {

  /**
   * By a model.
   *
   * @param maps takes what the model gives
   */
  public static Segmenting by(
      Runner<Segmentation> model, Frames frames, ShownScale scale, MapsWriter maps) {
    SegmentationTask task = (SegmentationTask) model.task();
    return new Segmenting(
        text(model.spec().name(), model.device().name()),
        task.adjustment().settings(),
        frames,
        task.regionNames(),
        scale,
        (z, t, frame, part) -> model.predict(frame, scale.factor(), part, maps.plane(z, t)));
  }

  static String text(String model, String device) {
    return model + " on " + device;
  }
}
