package sc.fiji.spyhop.job;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.job.SettingException.Remedy;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * The file that a job writes a model or a pipeline to.
 *
 * @param path absolute
 */
public record ModelTarget(Path path) {

  /** What the last epoch of a training leaves in its folder. */
  private static final String CHECKPOINT = "last.safetensors";

  private static final Remedy REPLACE = new Remedy("replace", "true");

  /**
   * A file that can be written, in a folder that is made if need be.
   *
   * @param replace whether a file that exists may be replaced
   * @throws SettingException if there is no name, it ends in something else, or a file is in the
   *     way
   * @throws sc.fiji.spyhop.SpyhopException if the folder cannot be written to
   */
  public static ModelTarget of(File output, boolean replace) {
    if (output == null || output.getPath().isBlank()) {
      throw SettingException.wrong(
          "output", "expected a file that ends in " + ModelFile.EXTENSION + ", received nothing.");
    }
    Path path = output.toPath().toAbsolutePath();
    if (Files.isDirectory(path)) {
      throw SettingException.wrong("output", path + " is a folder. Name a file to write.");
    }
    requireName("output", path);
    if (!replace) requireNone(path);
    Folders.requireWritable(FileNames.folder(path));
    return new ModelTarget(path);
  }

  /**
   * Refuses a file that is not called like a model.
   *
   * @param key of the setting
   */
  public static void requireName(String key, Path file) {
    String name = FileNames.last(file);
    if (name.endsWith(ModelFile.EXTENSION) && !name.equals(ModelFile.EXTENSION)) return;
    throw SettingException.wrong(
        key,
        Strings.format("expected a name that ends in %s, received %s.", ModelFile.EXTENSION, name));
  }

  private static void requireNone(Path file) {
    if (!AtomicFile.isThere(file)) return;
    throw SettingException.needs(
        file + " exists already. Name another file, or replace it", REPLACE);
  }

  /** Blanks and brackets of file names become hyphens; letters stay what they are. */
  private static String asName(String name) {
    return name.replaceAll("[\\x20-\\x7e&&[^A-Za-z0-9._-]]", "-");
  }

  /**
   * Name after the file, with blanks and the like replaced. Letters stay what they are, even those
   * that no model can have in its name.
   */
  public String name() {
    String name = FileNames.last(path);
    return asName(name.substring(0, name.length() - ModelFile.EXTENSION.length()));
  }

  /**
   * Folder of what a training keeps to be resumed.
   *
   * @param named absent for one beside the file
   */
  public Path trainingFolder(Optional<Path> named) {
    return named.orElseGet(() -> path.resolveSibling(name() + "-training"));
  }

  /**
   * Refuses a folder that holds an earlier training.
   *
   * @throws SettingException if there is one
   */
  public static void requireNoTraining(Path folder) {
    if (!holdsTraining(folder)) return;
    throw SettingException.needs(
        folder + " holds an earlier training. Name another model, or replace it", REPLACE);
  }

  /** Whether a training has left something in a folder. */
  public static boolean holdsTraining(Path folder) {
    return Files.exists(folder.resolve(CHECKPOINT));
  }

  /** What to say of an earlier training that can be resumed. */
  public static SettingException canBeResumed(Path folder) {
    return SettingException.needs(
        folder + " holds an earlier training. Resume it, name another model, or replace it",
        new Remedy("resume", "true"),
        REPLACE);
  }
}
