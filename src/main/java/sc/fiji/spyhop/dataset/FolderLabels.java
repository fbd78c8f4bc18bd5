package sc.fiji.spyhop.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/** Classes of images by the folders they lie in. */
final class FolderLabels {

  private static final int DEEP = 16;

  /** What folders of subsets are called, as those of torchvision and Keras. */
  private static final Set<String> SUBSETS =
      Set.of("train", "val", "valid", "validation", "test", "training", "testing");

  /** What stands between classes in the name of a folder. */
  private static final String BOTH = "+";

  private FolderLabels() {}

  /**
   * Looks into the folders of a folder.
   *
   * @throws SpyhopException if there is no such subset, or the folders are those of subsets
   */
  static FoundLabels read(Path folder, Optional<String> subset, ClassImages.Labels labels) {
    Path root = subset.map(folder::resolve).orElse(folder);
    if (!Files.isDirectory(root)) {
      throw new SpyhopException(
          folder + ": no folder \"" + subset.get() + "\" and no index.csv with such a subset.");
    }
    Folders.requirePart(root);
    List<Path> folders = Naming.folders(root);
    if (subset.isEmpty()) requireClasses(root, folders);
    Map<Path, List<String>> found = new LinkedHashMap<>();
    for (Path one : folders) {
      String name = Strings.visible(FileNames.last(one));
      List<String> names = labels == ClassImages.Labels.SEVERAL ? names(name) : List.of(name);
      for (Path file : Naming.images(one, DEEP)) found.put(file, names);
    }
    Map<Path, Path> copies = copies(found);
    if (labels == ClassImages.Labels.SEVERAL) {
      copies.forEach(
          (copy, first) -> {
            List<String> more = found.remove(copy);
            List<String> all =
                Stream.concat(found.get(first).stream(), more.stream()).distinct().toList();
            found.put(first, all);
          });
      return FoundLabels.of(
          found, true, found.isEmpty() ? List.of() : List.of(FoundLabels.told("as was asked for")));
    }
    return FoundLabels.of(found, false, copies.isEmpty() ? List.of() : List.of(twice(copies)));
  }

  /** {@code a+b} is both; none of them is empty, so that {@code CD4+} is one class. */
  private static List<String> names(String folder) {
    if (folder.equalsIgnoreCase(ClassTask.NONE)) return List.of();
    List<String> parts =
        Stream.of(folder.split("[" + BOTH + "]", -1)).map(String::strip).distinct().toList();
    return parts.contains("") ? List.of(folder) : parts;
  }

  /** Images that are in the folder of another class as well, with the first of each. */
  private static Map<Path, Path> copies(Map<Path, List<String>> found) {
    Map<String, List<Path>> byName = new LinkedHashMap<>();
    found
        .keySet()
        .forEach(f -> byName.computeIfAbsent(FileNames.last(f), n -> new ArrayList<>()).add(f));
    Map<Path, Path> copies = new LinkedHashMap<>();
    for (List<Path> alike : byName.values()) {
      for (int i = 1; i < alike.size(); i++) {
        Path copy = alike.get(i);
        alike.subList(0, i).stream()
            .filter(f -> !copies.containsKey(f))
            .filter(f -> !found.get(f).equals(found.get(copy)) && isSame(f, copy))
            .findFirst()
            .ifPresent(f -> copies.put(copy, f));
      }
    }
    return copies;
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.size(a) == Files.size(b) && Files.mismatch(a, b) < 0;
    } catch (IOException e) {
      throw new SpyhopException(a + " cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  private static String twice(Map<Path, Path> copies) {
    Map.Entry<Path, Path> first = copies.entrySet().iterator().next();
    return Strings.format(
        "%s in the folders of two classes or more, such as %s and %s: they are taken for images of"
            + " each, although classes exclude each other. If an image may be of several classes,"
            + " say so: several=true, --several in the shell.",
        copies.size() == 1 ? "1 image lies" : copies.size() + " images lie",
        first.getValue(),
        first.getKey());
  }

  /** Refuses folders that are subsets, with folders of classes in them. */
  private static void requireClasses(Path root, List<Path> folders) {
    boolean subsets =
        folders.stream()
            .allMatch(
                f ->
                    SUBSETS.contains(FileNames.last(f).toLowerCase(Locale.ROOT))
                        && !Naming.folders(f).isEmpty());
    if (folders.isEmpty() || !subsets) return;
    List<String> names = folders.stream().map(f -> FileNames.last(f)).toList();
    String train =
        names.stream()
            .filter(n -> n.toLowerCase(Locale.ROOT).startsWith("train"))
            .findFirst()
            .orElse(names.get(0));
    throw new SpyhopException(
        Strings.format(
            "%s: expected a folder for each class, found %s, which are subsets with folders in"
                + " them. Say which one to take, such as subset=%s (--subset %s in the shell), or"
                + " give the folder %s.",
            root, String.join(", ", names), train, train, root.resolve(train)));
  }
}
