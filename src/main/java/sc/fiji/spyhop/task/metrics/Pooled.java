package sc.fiji.spyhop.task.metrics;

import java.util.Map;
import java.util.Optional;

/**
 * Figures of a set of images, image by image taken together: the figures of all are not the mean of
 * those of each.
 *
 * @param <I> what has to be known of an image
 */
public interface Pooled<I> {

  /** Takes in an image, which may be there several times. */
  void add(I image);

  /** The figures that tell how good it is, by name, in order; NaN where one has no meaning. */
  Map<String, Double> main();

  /**
   * What there is to say of one image, by column: its figures in the light of all images, texts and
   * whole numbers; NaN where a figure has no meaning.
   */
  Map<String, Object> row(I image);

  /** How bad one image is: the larger, the worse; 0 if nothing is wrong. Finite. */
  double loss(I image);

  /** Which classes were taken for which, where it is about classes. */
  default Optional<Confusion> confusion() {
    return Optional.empty();
  }

  /** Whether scores mean what they say, where objects with scores are compared. */
  default Optional<Reliability> reliability() {
    return Optional.empty();
  }

  /** All figures as lines of text. */
  String table();

  /** All figures for a JSON writer: strings, finite numbers, lists, and maps of these. */
  Map<String, Object> toMap();
}
