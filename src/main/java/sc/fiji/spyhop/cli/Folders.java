package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import sc.fiji.spyhop.SpyhopException;

/** Looks after folders before work starts. */
final class Folders {

  private Folders() {}

  /** Refuses what is not a folder. */
  static void require(Path folder, String what) {
    if (!Files.exists(folder)) {
      throw new SpyhopException(folder + ": no such folder. Expected " + what + ".");
    }
    if (!Files.isDirectory(folder)) {
      throw new SpyhopException(folder + ": this is a file. Expected " + what + ".");
    }
  }

  /** Makes a folder if need be, and refuses one that files cannot be written to. */
  static void requireWritable(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new SpyhopException(
          folder + ": expected a folder to write to, found a file. Name another --output.");
    }
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, ".spyhop", ".tmp");
      try {
        Files.write(probe, new byte[1]);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
  }

  static SpyhopException cannotWrite(Path target, IOException e) {
    return new SpyhopException(
        "Cannot write " + target + ": " + reason(e) + ". Name another --output.", e);
  }

  /** Why a file operation failed, in words, without a full stop. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) return "permission denied";
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way of a folder (" + e.getMessage() + ")";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) return f.getReason();
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
