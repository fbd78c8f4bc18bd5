package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import sc.fiji.spyhop.SpyhopException;

/** Files that are there whole or not at all: written beside their place, then moved. */
final class AtomicFile {

  private AtomicFile() {}

  /** Writes a file that does not exist yet. */
  @FunctionalInterface
  interface Writer {
    void write(Path file) throws IOException;
  }

  /**
   * Writes or replaces a file.
   *
   * @param writer gets a path in the same folder with the same extension
   * @throws SpyhopException if it cannot be written; what was there before is then still there
   */
  static void write(Path target, Writer writer) {
    Path temporary = temporary(target);
    try {
      writer.write(temporary);
      move(temporary, target);
    } catch (IOException e) {
      throw cannotWrite(target, e);
    } finally {
      discard(temporary);
    }
  }

  /** A name in the same folder, hidden, with the same extension, not taken. */
  static Path temporary(Path target) {
    return target.resolveSibling(
        ".part-" + Long.toHexString(System.nanoTime()) + "-" + target.getFileName());
  }

  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      temporary.toFile().deleteOnExit();
    }
  }

  /**
   * Makes a folder if need be, and makes sure that files can be written into it.
   *
   * @throws SpyhopException if not
   */
  static void requireWritableFolder(Path folder) {
    Path probe = temporary(folder.resolve("probe"));
    try {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new SpyhopException(
            folder + ": expected a folder to write to, found a file. Name another --output.");
      }
      Files.createDirectories(folder);
      Files.write(probe, new byte[1]);
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    } finally {
      discard(probe);
    }
  }

  static SpyhopException cannotWrite(Path target, IOException e) {
    return new SpyhopException("Cannot write " + target + ": " + reason(e) + ".", e);
  }

  /** Why a file operation failed, in words, without a full stop. */
  static String reason(IOException e) {
    if (e instanceof java.nio.file.AccessDeniedException) return "permission denied";
    if (e instanceof java.nio.file.NoSuchFileException) return "its folder does not exist";
    if (e instanceof java.nio.file.FileAlreadyExistsException) {
      return "a file is in the way of a folder (" + e.getMessage() + ")";
    }
    String why =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    return why == null ? e.getClass().getSimpleName() : why.replaceAll("\\.$", "");
  }
}
