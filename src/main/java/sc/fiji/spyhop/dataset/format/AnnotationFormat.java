package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.plugin.Extension;
import sc.fiji.spyhop.plugin.Kind;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.util.Strings;

/**
 * One way to store annotations in files, found by its name, such as {@code coco}. Immutable. Its
 * files are told apart from those of other formats by {@link #find}; what it reads goes into a
 * {@link SetBuilder}, which looks for images and keeps account of what cannot be used.
 */
@Kind("annotation format")
public interface AnnotationFormat extends Extension {

  /**
   * What files it is made of, for a user who has to choose; its description, unless said otherwise.
   */
  default String layout() {
    return description();
  }

  /**
   * The annotation files at a place, if this is their format: told by names and first lines, not by
   * reading them whole.
   *
   * @param path a file or a folder that exists
   * @return none if the place holds something else
   */
  List<Path> find(Path path);

  /**
   * What a place lacks that looks like this format or a relative of it, a sentence.
   *
   * @return empty if it does not
   */
  default Optional<String> missing(Path path) {
    return Optional.empty();
  }

  /**
   * Takes in annotation files.
   *
   * @throws SpyhopException if a file as a whole is not what it should be. Parts that cannot be
   *     used are taken down instead
   */
  void read(List<Path> files, SetBuilder into);

  /** Where a data set of this format has an image, from its folder, with slashes. */
  default String place(AnnotatedImage image) {
    return image.name();
  }

  /**
   * Writes annotations. Images are named, not copied.
   *
   * @param folder that exists
   * @throws SpyhopException if the set holds what the format cannot, or the folder cannot be
   *     written to
   */
  void write(AnnotatedSet set, Path folder);

  /** Refuses a set with keypoints or slices, where a format has no place for them. */
  static void requireOnlyBoxes(AnnotatedSet set, String format) {
    refuse(set.images(), a -> !a.poses().isEmpty(), format, "boxes only", "keypoints");
    requireNoSlices(set, format);
  }

  /**
   * Refuses images of several planes where a format knows a file as one image.
   *
   * @throws SpyhopException that names the first image with a slice or time point after the first
   */
  static void requireNoSlices(AnnotatedSet set, String format) {
    Optional<AnnotatedImage> stack =
        set.images().stream().filter(i -> i.z() > 1 || i.t() > 1).findFirst();
    if (stack.isPresent()) {
      throw new SpyhopException(
          format
              + " has no place for slices, but "
              + stack.get().name()
              + " has some. Choose another format, such as rois.");
    }
  }

  /** Refuses a set in which an image has what a format has no place for. */
  static void refuse(
      List<AnnotatedImage> images,
      java.util.function.Predicate<Annotation> has,
      String format,
      String holds,
      String found) {
    for (AnnotatedImage image : images) {
      if (has.test(image.annotation())) {
        throw new SpyhopException(
            Strings.format(
                "%s holds %s, but %s has %s. Choose another format, such as csv or coco.",
                format, holds, image.name(), found));
      }
    }
  }
}
