package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import sc.fiji.spyhop.prediction.Annotation;

/**
 * One plane of an image file and what is in it.
 *
 * @param name relative to the data set, with slashes
 * @param z slice, from 1
 * @param t time point, from 1
 */
public record AnnotatedImage(String name, Path file, int z, int t, Annotation annotation) {

  public AnnotatedImage {
    if (z < 1 || t < 1) {
      throw new IllegalArgumentException(
          name + ": expected slice and time point from 1, received " + z + " and " + t);
    }
  }

  /** An image of one plane. */
  public AnnotatedImage(String name, Path file, Annotation annotation) {
    this(name, file, 1, 1, annotation);
  }

  public AnnotatedImage with(Annotation other) {
    return new AnnotatedImage(name, file, z, t, other);
  }

  /** The file name without its extension. */
  public String stem() {
    return ImageFinder.stem(name.substring(name.lastIndexOf('/') + 1));
  }
}
