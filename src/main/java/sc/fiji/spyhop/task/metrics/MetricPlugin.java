package sc.fiji.spyhop.task.metrics;

import java.util.Map;
import sc.fiji.spyhop.plugin.Adjustable;
import sc.fiji.spyhop.plugin.Kind;

/**
 * A figure of how good a prediction is that a jar brings. It is asked of each image; that of a set
 * of images is the mean of those that have one. Several threads may call it at once.
 *
 * @param <T> what is compared
 */
@Kind("metric")
public interface MetricPlugin<T> extends Adjustable {

  /**
   * What it compares: {@link sc.fiji.spyhop.prediction.LabelMap} for objects and classes of pixels,
   * {@link sc.fiji.spyhop.prediction.ClassScores} for classes of images, {@link
   * sc.fiji.spyhop.prediction.RealValues} for what is measured on images, {@link
   * sc.fiji.spyhop.prediction.Annotation} for boxes and keypoints.
   *
   * @return one of these
   */
  Class<T> of();

  /**
   * The figure of an image.
   *
   * @param predicted what a network says of the image
   * @param truth what is true of it; pixels of a label image may be {@link
   *     sc.fiji.spyhop.prediction.LabelMap#UNLABELLED}
   * @param settings of all that it has, by name
   * @return NaN where it has no meaning
   */
  double measure(T predicted, T truth, Map<String, Double> settings);
}
