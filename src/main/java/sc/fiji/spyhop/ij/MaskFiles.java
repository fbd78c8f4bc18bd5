package sc.fiji.spyhop.ij;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Files of masks: one for all images, or a folder in which each is called like its image, whatever
 * the extensions, and lies in folders that are called like those of its image.
 */
public final class MaskFiles {

  private final Path given;
  private final boolean isFolder;
  private final List<Path> all;

  /** Those of a folder, by the last name without extension. */
  private final Map<String, List<Path>> byName = new HashMap<>();

  private MaskFiles(Path given) throws IOException {
    this.given = given;
    this.isFolder = Files.isDirectory(given);
    try (Stream<Path> found = Files.walk(given)) {
      all = found.filter(Files::isRegularFile).sorted(FileNames.ORDER).toList();
    }
    if (!isFolder) return;
    for (Path file : all) {
      byName.computeIfAbsent(last(key(file)), n -> new ArrayList<>(1)).add(file);
    }
  }

  /**
   * Those of a file, or of a folder and the folders in it.
   *
   * @throws SpyhopException if they cannot be read
   */
  static MaskFiles in(Path given) {
    try {
      return new MaskFiles(given);
    } catch (IOException e) {
      throw new SpyhopException(given + " cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  /**
   * The mask of an image.
   *
   * @param image path with slashes, or a title
   * @throws SpyhopException if there is none
   */
  Path of(String image) {
    if (!isFolder) return given;
    String key = "/" + FileNames.key(stem(image));
    return byName.getOrDefault(last(key), List.of()).stream()
        .filter(f -> key.endsWith("/" + key(f)))
        .max(Comparator.comparingInt(Path::getNameCount))
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "%s: there is no mask in %s that is called %s, whatever its extension.",
                        last(image), given, last(stem(image)))));
  }

  /**
   * Refuses a mask that would be taken for two images.
   *
   * @throws SpyhopException if there is one
   */
  void requireOneEach(Collection<Path> images) {
    if (!isFolder) return;
    Map<Path, Path> taken = new HashMap<>();
    for (Path image : images) {
      Path mask;
      try {
        mask = of(FileNames.slashed(image.toAbsolutePath().normalize()));
      } catch (SpyhopException e) {
        continue; // fails alone, when it is looked at
      }
      Path other = taken.putIfAbsent(mask, image);
      if (other == null) continue;
      throw new SpyhopException(
          Strings.format(
              "%s would be the mask of both %s and %s. Put each into a folder that is called like"
                  + " that of its image.",
              mask, other, image));
    }
  }

  /** Another one if a mask is another. */
  String stamp() {
    try {
      CRC32 sum = new CRC32();
      for (Path file : all) {
        String line =
            Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis() + " " + file;
        sum.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return Long.toHexString(sum.getValue());
    } catch (IOException e) {
      throw new SpyhopException(given + " cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  /** Within the folder, without extension. */
  private String key(Path file) {
    return FileNames.key(stem(FileNames.slashed(given.relativize(file))));
  }

  private static String stem(String path) {
    return path.replaceFirst("\\.[^./]*$", "");
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
