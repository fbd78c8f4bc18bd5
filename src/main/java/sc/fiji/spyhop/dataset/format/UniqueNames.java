package sc.fiji.spyhop.dataset.format;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** A file name of its own for each image: its stem, else its whole path. */
public final class UniqueNames {

  private final Set<String> taken = new HashSet<>();

  /** Without extension; never the same twice, upper and lower case being alike. */
  public String of(AnnotatedImage image) {
    String name = image.stem();
    if (taken.contains(name.toLowerCase(Locale.ROOT))) {
      name = ImageFinder.stem(image.name()).replace('/', '_');
    }
    String unique = name;
    for (int i = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); i++) unique = name + "_" + i;
    return unique;
  }
}
