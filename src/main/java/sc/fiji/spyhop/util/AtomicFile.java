package sc.fiji.spyhop.util;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import sc.fiji.spyhop.SpyhopException;

/** Files that are there whole or not at all: written beside their place, then moved. */
public final class AtomicFile {

  private AtomicFile() {}

  /** Writes what belongs into a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes or replaces a file.
   *
   * @param content gets a buffered stream, which is closed for it
   * @throws SpyhopException if it cannot be written; what was there before is then still there
   */
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
        content.writeTo(out);
      }
      try {
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format(
              "%s cannot be written to %s: %s. Choose a folder that exists, is writable and has room.",
              target.getFileName(), target.getParent(), reason(e)),
          e);
    } finally {
      discard(temporary);
    }
  }

  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      temporary.toFile().deleteOnExit();
    }
  }

  /** Why a file operation failed, in words, without a full stop. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) return "there is no such folder";
    if (e instanceof AccessDeniedException) return "permission denied";
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way of a folder (" + e.getMessage() + ")";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) return f.getReason();
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
