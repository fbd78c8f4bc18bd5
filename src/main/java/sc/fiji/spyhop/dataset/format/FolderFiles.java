package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;

/** Annotation files of a folder; hidden ones are passed over. */
final class FolderFiles {

  private static final int MOST = 2_000_000;

  private FolderFiles() {}

  /**
   * Files of a folder and those below it that have an extension, in order of their paths.
   *
   * @throws SpyhopException if one of the folders cannot be read: there may be truth in it
   */
  static List<Path> files(Path folder, int depth, String... extensions) {
    if (!Files.isDirectory(folder)) return List.of();
    Set<String> wanted = Set.of(extensions);
    if (depth > 1) Folders.requirePart(folder);
    try (Stream<Path> walk = Files.walk(folder, depth)) {
      return walk.filter(Files::isRegularFile)
          .filter(f -> is(FileNames.last(f), wanted))
          .limit(MOST)
          .sorted(FileNames.ORDER)
          .toList();
    } catch (IOException e) {
      throw new SpyhopException(folder + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    } catch (UncheckedIOException e) {
      throw new SpyhopException(
          e.getCause().getMessage() + ": cannot be read: " + AtomicFile.reason(e.getCause()) + ".",
          e);
    }
  }

  private static boolean is(String name, Set<String> extensions) {
    return !name.startsWith(".") && extensions.contains(ImageFinder.extension(name));
  }
}
