package sc.fiji.spyhop.dataset;

import java.util.Map;
import java.util.random.RandomGenerator;
import sc.fiji.spyhop.plugin.Adjustable;
import sc.fiji.spyhop.plugin.Kind;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A way to vary training images that a jar brings. It is called for every picture that is shown to
 * the network, so that each epoch shows another; several threads may do so at once. It draws from
 * the given generator alone: then the same seed gives the same training.
 */
@Kind("augmentation")
public interface AugmentationPlugin extends Adjustable {

  /**
   * Moves what the picture shows; the truth moves with it. As it is, unless said otherwise.
   *
   * @param map from the picture to the image, as it has been drawn so far
   * @param width of the picture, pixels
   * @param height of the picture, pixels
   * @param settings of all that it has, by name
   * @param random the only source of chance
   * @return from the picture to the image
   */
  default Cutout move(
      Cutout map, int width, int height, Map<String, Double> settings, RandomGenerator random) {
    return map;
  }

  /**
   * Changes intensities in place; not at all, unless said otherwise.
   *
   * @param picture NCHW[1, channels, height, width], normalised, so that values mostly lie between
   *     0 and 1; to be left with finite values
   * @param settings of all that it has, by name
   * @param random the only source of chance
   */
  default void vary(Tensor picture, Map<String, Double> settings, RandomGenerator random) {}
}
