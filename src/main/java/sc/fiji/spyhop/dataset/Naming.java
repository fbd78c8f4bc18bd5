package sc.fiji.spyhop.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.FolderWalk;

/** Which files are images, and what they are called. */
final class Naming {

  /** Of image files, lower case. */
  static final Set<String> EXTENSIONS =
      new LinkedHashSet<>(
          List.of("tif", "tiff", "png", "jpg", "jpeg", "gif", "bmp", "pgm", "ppm", "dcm", "fits"));

  private Naming() {}

  static String extension(String file) {
    int dot = file.lastIndexOf('.');
    return dot < 1 ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** A file name without its extension, if that is one of an image. */
  static String baseName(String file) {
    return EXTENSIONS.contains(extension(file)) ? file.substring(0, file.lastIndexOf('.')) : file;
  }

  static boolean isImage(Path file) {
    String name = FileNames.last(file);
    return !name.startsWith(".") && EXTENSIONS.contains(extension(name));
  }

  /** Image files of a folder, in the order of their paths. */
  static List<Path> images(Path folder, int depth) {
    List<String> problems = new ArrayList<>();
    List<Path> files;
    try {
      files = FolderWalk.files(folder, depth, problems);
    } catch (IOException e) {
      throw new SpyhopException(
          "Cannot read the folder " + folder + ": " + AtomicFile.reason(e) + ".", e);
    }
    // what is in it may be truth
    if (!problems.isEmpty()) throw new SpyhopException(problems.get(0));
    return files.stream().filter(Naming::isImage).toList();
  }

  /** Folders in a folder, by name; hidden ones are passed over. */
  static List<Path> folders(Path folder) {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(Files::isDirectory)
          .filter(f -> !FileNames.last(f).startsWith("."))
          .sorted(FileNames.ORDER)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new SpyhopException("Cannot read the folder " + folder + ": " + e.getMessage(), e);
    }
  }
}
