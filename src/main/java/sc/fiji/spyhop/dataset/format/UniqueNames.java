package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.util.FileNames;

/**
 * A file name of its own for each image: its stem, or where several have the same, its whole path
 * with underscores between, by which {@link SetBuilder#find} finds it again.
 */
public final class UniqueNames {

  private final Map<String, Long> stems;
  private final Set<String> taken = new HashSet<>();

  /**
   * @param images that will be asked for; planes of one file have one name
   */
  public UniqueNames(List<AnnotatedImage> images) {
    Map<Path, String> files = new HashMap<>();
    images.forEach(i -> files.put(i.file(), FileNames.key(i.stem())));
    stems = files.values().stream().collect(Collectors.groupingBy(s -> s, Collectors.counting()));
  }

  /** Without extension; never the same twice, upper and lower case being alike. */
  public String of(AnnotatedImage image) {
    boolean one = stems.getOrDefault(FileNames.key(image.stem()), 0L) < 2;
    String name = one ? image.stem() : ImageFinder.stem(image.name()).replace('/', '_');
    String unique = name;
    for (int i = 2; !taken.add(FileNames.key(unique)); i++) unique = name + "_" + i;
    return unique;
  }
}
