package sc.fiji.spyhop.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Native libraries are unpacked into files before they are loaded. Where that fails, their loaders
 * tell of missing libraries or of nothing at all; this tells which folder is in the way.
 */
public final class Unpacking {

  /** Folders that libraries are unpacked into. */
  public enum Place {
    /** For temporary files, emptied when Java ends. */
    TEMPORARY(Folders.OTHER_TEMPORARY),
    /** JavaCPP's, which stays. */
    CACHE("-Dorg.bytedeco.javacpp.cachedir=FOLDER");

    private final String other;

    Place(String other) {
      this.other = other;
    }
  }

  /** A library that is there, and could not be loaded because of a folder. */
  public static final class Failure extends SpyhopException {

    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  private Unpacking() {}

  /**
   * Refuses a folder that a library cannot be unpacked into.
   *
   * @param library its name
   * @param folder where it is unpacked
   * @param place what kind of folder that is
   * @param bytes how many it takes unpacked
   * @throws Failure if it cannot be written to or has too little room
   */
  public static void require(String library, Path folder, Place place, long bytes) {
    explain(library, folder, place, bytes)
        .ifPresent(
            why -> {
              throw new Failure(why);
            });
  }

  /**
   * What to tell if files could not be written to a folder that looked fit for it, as where a user
   * has a quota.
   *
   * @param bytes how many they are
   */
  public static Failure notWritten(
      String library, Path folder, Place place, long bytes, IOException problem) {
    return new Failure(sentence(library, folder, AtomicFile.reason(problem), place, bytes));
  }

  /** What to tell of a library that could not be loaded for another cause than a folder. */
  public static SpyhopException notLoaded(String library, Throwable problem) {
    return new SpyhopException(library + " cannot be loaded: " + reason(problem), problem);
  }

  /**
   * Looks for the cause when a library could not be loaded.
   *
   * @param library its name
   * @param folder where it is unpacked
   * @param place what kind of folder that is
   * @param bytes how many it takes unpacked
   * @return a sentence that says what to do; nothing if the folder is not the cause
   */
  static Optional<String> explain(String library, Path folder, Place place, long bytes) {
    return hindrance(folder, bytes).map(why -> sentence(library, folder, why, place, bytes));
  }

  private static String sentence(String library, Path folder, String why, Place place, long bytes) {
    return Strings.format(
        "%s cannot be unpacked into %s (%s): make that folder writable, with %d MB of room, or name"
            + " another with %s.",
        library, folder, why, bytes >> 20, place.other);
  }

  /** The first cause of a failure, in one line. */
  private static String reason(Throwable problem) {
    Throwable cause = problem;
    while (cause.getCause() != null) cause = cause.getCause();
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    return message.lines().findFirst().orElse(cause.getClass().getSimpleName());
  }

  /** Whether a folder can be written to; it is made if need be. */
  public static boolean isWritable(Path folder) {
    return hindrance(folder, 1).isEmpty();
  }

  /** Why files of some size cannot be written to a folder, which is made if need be. */
  static Optional<String> hindrance(Path folder, long bytes) {
    try {
      Folders.tryWriting(folder);
      long room = Files.getFileStore(folder).getUsableSpace();
      return room < bytes
          ? Optional.of(Strings.format("%d MB are free", room >> 20))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(AtomicFile.reason(e));
    }
  }
}
