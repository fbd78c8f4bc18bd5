package sc.fiji.spyhop.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** A file of images and one of their labels, in the way MNIST names them. */
record MnistFiles(Path images, Path labels) {

  private static final Pattern NAME =
      Pattern.compile("(.*?)[-._]?(images|labels)[-.]idx\\d-ubyte(\\.gz)?");

  /** Whether a folder holds files of such names. */
  static boolean areIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(f -> NAME.matcher(FileNames.last(f)).matches());
    } catch (IOException e) {
      throw new SpyhopException("Cannot read the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Looks into a folder.
   *
   * @param subset absent: {@code train}, or the only one there is
   * @return nothing if the folder holds no such files
   * @throws SpyhopException if it does, but not those of the subset
   */
  static Optional<MnistFiles> find(Path folder, Optional<String> subset) {
    Map<String, Path> images = new TreeMap<>();
    Map<String, Path> labels = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted(FileNames.ORDER).toList()) {
        Matcher name = NAME.matcher(FileNames.last(file));
        if (!name.matches()) continue;
        String part = name.group(1).equals("t10k") ? "test" : name.group(1);
        (name.group(2).equals("images") ? images : labels).put(part, file);
      }
    } catch (IOException e) {
      throw new SpyhopException("Cannot read the folder " + folder + ": " + e.getMessage(), e);
    }
    if (images.isEmpty()) return Optional.empty();
    String wanted =
        subset
            .map(s -> s.equals("t10k") ? "test" : s)
            .orElse(images.size() == 1 ? images.keySet().iterator().next() : "train");
    if (!images.containsKey(wanted) || !labels.containsKey(wanted)) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected images and labels of \"%s\", found images of %s and labels of %s.",
              folder, wanted, List.copyOf(images.keySet()), List.copyOf(labels.keySet())));
    }
    return Optional.of(new MnistFiles(images.get(wanted), labels.get(wanted)));
  }
}
