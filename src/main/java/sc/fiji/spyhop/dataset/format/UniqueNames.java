package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * A file name of its own for each image: its stem, or where several have the same, its whole path
 * with underscores between, by which {@link SetBuilder#find} finds it again.
 */
public final class UniqueNames {

  private final Map<String, Long> stems;
  private final Set<String> taken = new HashSet<>();

  /**
   * Looks at all images at once, so that no two get the same name.
   *
   * @param images that will be asked for; planes of one file have one name
   */
  public UniqueNames(List<AnnotatedImage> images) {
    Map<Path, String> files = new HashMap<>();
    images.forEach(i -> files.put(i.file(), FileNames.key(i.stem())));
    stems = files.values().stream().collect(Collectors.groupingBy(s -> s, Collectors.counting()));
  }

  /**
   * The same for files of annotations, which find their image again by their name alone.
   *
   * @throws SpyhopException if two images differ in nothing but extension or case
   */
  public static UniqueNames ofFiles(List<AnnotatedImage> images) {
    UniqueNames names = new UniqueNames(images);
    requireApart(images, names::name);
    return names;
  }

  /**
   * Refuses images whose annotations would be one file.
   *
   * @param name of the file of an image, without extension
   */
  static void requireApart(List<AnnotatedImage> images, Function<AnnotatedImage, String> name) {
    Map<String, AnnotatedImage> apart = new HashMap<>();
    for (AnnotatedImage image : images) {
      AnnotatedImage other = apart.put(FileNames.key(name.apply(image)), image);
      if (other == null || other.file().equals(image.file())) continue;
      throw new SpyhopException(
          Strings.format(
              "%s and %s would have one file of annotations in this format. Rename one, or choose"
                  + " csv or coco.",
              other.name(), image.name()));
    }
  }

  /** Without extension; never the same twice, upper and lower case being alike. */
  public String of(AnnotatedImage image) {
    String name = name(image);
    String unique = name;
    for (int i = 2; !taken.add(FileNames.key(unique)); i++) unique = name + "_" + i;
    return unique;
  }

  private String name(AnnotatedImage image) {
    boolean one = stems.getOrDefault(FileNames.key(image.stem()), 0L) < 2;
    return one ? image.stem() : ImageFinder.stem(image.name()).replace('/', '_');
  }
}
