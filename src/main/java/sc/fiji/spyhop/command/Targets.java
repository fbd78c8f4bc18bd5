package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.util.Strings;

/** Files that commands write pipelines to. */
final class Targets {

  private Targets() {}

  /**
   * A file that can be written.
   *
   * @throws SpyhopException if there is no name, no such folder, or a file is in the way
   */
  static Path pipeline(File output, boolean replace) {
    if (output == null || output.getPath().isBlank()) {
      throw new SpyhopException(
          "Pipeline to write: expected a path, received nothing. In macros:"
              + " output=[/path/to/it.spyhop].");
    }
    Path file = output.toPath().toAbsolutePath();
    String name = file.getFileName().toString();
    if (!name.endsWith(ModelFile.EXTENSION) || name.equals(ModelFile.EXTENSION)) {
      throw new SpyhopException(
          Strings.format(
              "Pipeline to write: expected a name that ends in %s, received %s.",
              ModelFile.EXTENSION, name));
    }
    if (!Files.isDirectory(file.getParent())) {
      throw new SpyhopException(
          Strings.format(
              "Pipeline to write: there is no folder %s. Make it, or name another.",
              file.getParent()));
    }
    if (!replace && Files.exists(file)) {
      throw new SpyhopException(
          file + " exists already. Name another, or replace it (in macros: replace=true).");
    }
    return file;
  }

  /** Name of a pipeline by that of its file. */
  static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ModelFile.EXTENSION.length())
        .replaceAll("[^A-Za-z0-9._-]", "-");
  }
}
