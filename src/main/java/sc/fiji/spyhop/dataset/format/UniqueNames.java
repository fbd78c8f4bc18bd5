package sc.fiji.spyhop.dataset.format;

import java.util.HashSet;
import java.util.Set;
import sc.fiji.spyhop.util.FileNames;

/** A file name of its own for each image: its stem, else its whole path. */
public final class UniqueNames {

  private final Set<String> taken = new HashSet<>();

  /** Without extension; never the same twice, upper and lower case being alike. */
  public String of(AnnotatedImage image) {
    String name = image.stem();
    if (taken.contains(FileNames.key(name))) {
      name = ImageFinder.stem(image.name()).replace('/', '_');
    }
    String unique = name;
    for (int i = 2; !taken.add(FileNames.key(unique)); i++) unique = name + "_" + i;
    return unique;
  }
}
