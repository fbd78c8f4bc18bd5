package sc.fiji.spyhop.dataset;

import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * Brings images to one size of objects, so that a network has to know one size only: each is
 * resized such that the median diameter of its objects is a given one.
 *
 * @param diameter that the median object gets, in pixels
 * @param ignored labels that are no objects, besides 0
 */
public record CommonSize(double diameter, IntPredicate ignored) {

  /** Maximum factor that an image is reduced or enlarged by. */
  private static final double MAX_FACTOR = 16;

  /** Images are not enlarged beyond this width and height, in pixels. */
  private static final int MAX_ENLARGED = 4096;

  /** The images, resized when they are read; those without objects stay as they are. */
  public Dataset<LabelMap> of(Dataset<LabelMap> images) {
    return images.map(this::of);
  }

  /** The same of both parts. */
  public Split<LabelMap> of(Split<LabelMap> split) {
    return new Split<>(of(split.train()), of(split.validation()));
  }

  private Sample<LabelMap> of(Sample<LabelMap> sample) {
    OptionalDouble median = Diameters.of(sample.truth(), ignored).median();
    if (median.isEmpty()) return sample;
    Frame frame = sample.frame();
    ImageSize size = new ImageSize(frame.width(), frame.height());
    return ResizedSample.of(sample, factor(median.getAsDouble(), size));
  }

  /** What an image of some size is resized by whose median object has some diameter. */
  double factor(double median, ImageSize image) {
    double enlarged = (double) MAX_ENLARGED / Math.max(image.width(), image.height());
    double max = Math.min(MAX_FACTOR, Math.max(1, enlarged));
    return Math.max(1 / MAX_FACTOR, Math.min(max, diameter / median));
  }
}
