package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.List;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Mask;

/**
 * One plane of an image file and what is in it.
 *
 * @param name relative to the data set, with slashes
 * @param z slice, from 1
 * @param t time point, from 1
 * @param unknown pixels of which nobody has said what they show, such as those of a crowd
 */
public record AnnotatedImage(
    String name, Path file, int z, int t, Annotation annotation, List<Mask> unknown) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if slice or time point is below 1
   */
  public AnnotatedImage {
    unknown = List.copyOf(unknown);
    if (z < 1 || t < 1) {
      throw new IllegalArgumentException(
          name + ": expected slice and time point from 1, received " + z + " and " + t);
    }
  }

  /** All of it is annotated. */
  public AnnotatedImage(String name, Path file, int z, int t, Annotation annotation) {
    this(name, file, z, t, annotation, List.of());
  }

  /** An image of one plane. */
  public AnnotatedImage(String name, Path file, Annotation annotation) {
    this(name, file, 1, 1, annotation);
  }

  /** The same plane with other annotations; which of its pixels are unknown stays. */
  public AnnotatedImage with(Annotation other) {
    return new AnnotatedImage(name, file, z, t, other, unknown);
  }

  /** The file name without its extension. */
  public String stem() {
    return ImageFinder.stem(name.substring(name.lastIndexOf('/') + 1));
  }
}
