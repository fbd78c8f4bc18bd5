package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;

/**
 * Files written into a folder all together or not at all: first beside their places, then moved.
 * Nothing that is there is replaced unasked, and a folder that was made for them does not stay if
 * they are not written.
 *
 * @param folder may not be there yet
 * @param force whether files of the same names are replaced
 * @param kept files that are not replaced even so
 * @param why those are not, a sentence
 */
record Conversion(Path folder, boolean force, List<Path> kept, String why) {

  /**
   * Writes files.
   *
   * @param write takes a folder to write them to
   * @throws SpyhopException if one is there already, or one cannot be written
   */
  void write(Consumer<Path> write) {
    Folders.writing(
        folder,
        () -> {
          together(write);
          return folder;
        });
  }

  private void together(Consumer<Path> write) {
    try {
      Path beside = Files.createTempDirectory(folder, ".spyhop");
      try {
        write.accept(beside);
        List<Path> files = files(beside);
        for (Path file : files) requireFree(folder.resolve(beside.relativize(file).toString()));
        for (Path file : files) {
          Path place = folder.resolve(beside.relativize(file).toString());
          Files.createDirectories(FileNames.folder(place));
          Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
        }
      } finally {
        delete(beside);
      }
    } catch (IOException e) {
      throw Folders.cannotWrite(folder, e);
    }
  }

  private void requireFree(Path file) {
    if (!AtomicFile.isThere(file)) return;
    if (!force) {
      throw new SpyhopException(
          file + " is there already. Name another folder, or replace it with --force.");
    }
    if (kept.stream().anyMatch(k -> FileNames.isSame(k, file))) {
      throw new SpyhopException(file + " is not replaced. " + why);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted(FileNames.ORDER).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.sorted(Comparator.reverseOrder()).forEach(Folders::deleteIfEmpty);
    } catch (IOException | UncheckedIOException e) {
      folder.toFile().deleteOnExit();
    }
  }

  /**
   * Brings an image to where a data set expects it, unless it is there.
   *
   * @param name with slashes, from the folder
   * @param link whether it is a link to the image rather than a copy
   */
  void bring(Path image, String name, boolean link) {
    Path place = folder.resolve(name);
    if (AtomicFile.isThere(place)) {
      if (FileNames.isSame(place, image)) return;
      if (!force) {
        throw new SpyhopException(
            place + " is there already. Name another folder, or replace it with --force.");
      }
    }
    try {
      Files.createDirectories(FileNames.folder(place));
      if (link) {
        Files.deleteIfExists(place);
        Files.createSymbolicLink(place, image.toAbsolutePath().normalize());
      } else {
        Files.copy(image, place, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new SpyhopException(
          image + ": cannot be brought to " + place + ": " + AtomicFile.reason(e) + ".", e);
    } catch (UnsupportedOperationException e) {
      throw new SpyhopException(place + ": there are no links here. Use --images copy.", e);
    }
  }
}
