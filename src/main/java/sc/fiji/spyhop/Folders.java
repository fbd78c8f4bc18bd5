package sc.fiji.spyhop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks after folders before work starts. */
public final class Folders {

  private Folders() {}

  /** Refuses what is not a folder. */
  public static void require(Path folder, String what) {
    if (!Files.exists(folder)) {
      throw new SpyhopException(folder + ": no such folder. Expected " + what + ".");
    }
    if (!Files.isDirectory(folder)) {
      throw new SpyhopException(folder + ": this is a file. Expected " + what + ".");
    }
  }

  /** Makes a folder if need be, and refuses one that files cannot be written to. */
  public static void requireWritable(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new SpyhopException(
          folder + ": expected a folder to write to, found a file. Name another folder.");
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

  public static SpyhopException cannotWrite(Path target, IOException e) {
    return new SpyhopException(
        "Cannot write " + target + ": " + AtomicFile.reason(e) + ". Name another folder.", e);
  }
}
