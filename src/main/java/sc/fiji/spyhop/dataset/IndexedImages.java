package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.util.FileNames;

/**
 * The images that an index names: by path from the folder of the index or from {@code images} in
 * it, with or without extension; upper and lower case may differ where it is clear which is meant.
 * Paths cannot lead out of that folder.
 */
final class IndexedImages {

  private final Path root;
  private final Map<String, Path> byName = new HashMap<>();
  private final Map<String, Path> byBaseName = new HashMap<>();
  private final FileNames.Index names;
  private final FileNames.Index baseNames;

  IndexedImages(Path index) {
    root = FileNames.folder(index.toAbsolutePath().normalize());
    for (Path folder : List.of(root, root.resolve("images"))) {
      if (!Files.isDirectory(folder)) continue;
      for (Path file : Naming.images(folder, 1)) {
        String name = FileNames.last(file);
        byName.putIfAbsent(name, file);
        byBaseName.putIfAbsent(Naming.baseName(name), file);
      }
    }
    names = new FileNames.Index(byName.keySet());
    baseNames = new FileNames.Index(byBaseName.keySet());
  }

  /** The file, or nothing, and then one more problem. */
  Optional<Path> find(String name, List<String> problems) {
    try {
      for (Path folder : List.of(root, root.resolve("images"))) {
        Path file = folder.resolve(name.replace('\\', '/')).normalize();
        if (!name.isEmpty() && file.startsWith(root) && Files.isRegularFile(file)) {
          return Optional.of(spelled(file));
        }
      }
    } catch (InvalidPathException e) {
      problems.add("\"" + name + "\" is no name of a file");
      return Optional.empty();
    }
    Optional<Path> file =
        names.find(name).map(byName::get).or(() -> baseNames.find(name).map(byBaseName::get));
    if (file.isEmpty()) {
      problems.add(name.isEmpty() ? "a row names no image" : name + " is missing");
    }
    return file;
  }

  /** As its folder has it, however the index writes it. */
  private Path spelled(Path file) {
    return names
        .find(FileNames.last(file))
        .map(byName::get)
        .filter(known -> FileNames.isSame(known, file))
        .orElse(file);
  }
}
