package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images that an index names: by path from the folder of the index or from {@code images} in
 * it, with or without extension. Paths cannot lead out of that folder.
 */
final class IndexedImages {

  private final Path root;
  private final Map<String, Path> byBaseName = new HashMap<>();

  IndexedImages(Path index) {
    root = index.toAbsolutePath().normalize().getParent();
    for (Path folder : List.of(root, root.resolve("images"))) {
      if (!Files.isDirectory(folder)) continue;
      for (Path file : Naming.images(folder, 1)) {
        byBaseName.putIfAbsent(Naming.baseName(file.getFileName().toString()), file);
      }
    }
  }

  /** The file, or nothing, and then one more problem. */
  Optional<Path> find(String name, List<String> problems) {
    try {
      for (Path folder : List.of(root, root.resolve("images"))) {
        Path file = folder.resolve(name.replace('\\', '/')).normalize();
        if (!name.isEmpty() && file.startsWith(root) && Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    } catch (InvalidPathException e) {
      problems.add("\"" + name + "\" is no name of a file");
      return Optional.empty();
    }
    Path file = byBaseName.get(name);
    if (file == null) problems.add(name.isEmpty() ? "a row names no image" : name + " is missing");
    return Optional.ofNullable(file);
  }
}
