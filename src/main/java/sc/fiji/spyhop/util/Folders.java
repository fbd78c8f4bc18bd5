package sc.fiji.spyhop.util;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import sc.fiji.spyhop.SpyhopException;

/** Looks after folders before work starts. */
public final class Folders {

  /** How to name another folder for temporary files. */
  public static final String OTHER_TEMPORARY =
      "-Djava.io.tmpdir=FOLDER (in a shell: "
          + (File.separatorChar == '\\' ? "TMP" : "TMPDIR")
          + "=FOLDER)";

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

  /**
   * Refuses to look through all there is: a folder, with those in it, that is the root of the
   * machine's files.
   */
  public static void requirePart(Path folder) {
    Path root = Path.of(System.getProperty("java.home")).toAbsolutePath().getRoot();
    if (!FileNames.isSame(folder, root)) return;
    throw new SpyhopException(
        folder
            + " holds all files of this machine, which are too many to be looked through. Name the"
            + " folder of the data.");
  }

  /** Makes a folder if need be, and refuses one that files cannot be written to. */
  public static void requireWritable(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new SpyhopException(
          folder + ": expected a folder to write to, found a file. Name another folder.");
    }
    try {
      tryWriting(folder);
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
  }

  /**
   * Does work that writes to a folder, which is made if need be. If the work fails before anything
   * is written there, it is gone again, with the folders that were made for it.
   *
   * @throws SpyhopException if the folder cannot be written to
   */
  public static <T> T writing(Path folder, Supplier<T> work) {
    List<Path> made = missing(folder);
    try {
      requireWritable(folder);
      return work.get();
    } finally {
      made.forEach(Folders::deleteIfEmpty);
    }
  }

  /** A folder, and those that it is in, as far as they are not there; innermost first. */
  private static List<Path> missing(Path folder) {
    return FileNames.upwards(folder.toAbsolutePath().normalize())
        .takeWhile(f -> !Files.exists(f))
        .toList();
  }

  /** Deletes a file, or a folder with nothing in it. */
  public static void deleteIfEmpty(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // there is something in it, which stays
    }
  }

  /** What to say and do if something cannot be kept for a while where the system keeps such. */
  public static SpyhopException cannotWriteTemporary(String what, IOException e) {
    return new SpyhopException(
        Strings.format(
            "%s cannot be written to the folder for temporary files (%s): %s. Make room there, or"
                + " name another with %s.",
            what, System.getProperty("java.io.tmpdir"), AtomicFile.reason(e), OTHER_TEMPORARY),
        e);
  }

  /**
   * Makes a folder if need be, and writes a byte into it.
   *
   * @throws IOException if that fails
   */
  public static void tryWriting(Path folder) throws IOException {
    // earlier Javas refuse a link to a folder here (JDK-8294193)
    if (!Files.isDirectory(folder)) Files.createDirectories(folder);
    Path probe = Files.createTempFile(folder, ".spyhop", ".tmp");
    try {
      Files.write(probe, new byte[1]);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** What a user is told of a folder that cannot be written to, and what to do. */
  public static SpyhopException cannotWrite(Path target, IOException e) {
    return new SpyhopException(
        "Cannot write " + target + ": " + AtomicFile.reason(e) + ". Name another folder.", e);
  }
}
