package sc.fiji.spyhop.model;

import java.nio.file.Path;

/** Reads and writes {@code .spyhop} files. */
public final class ModelFile {

  /** Of the format written here; files of this and of earlier versions are read. */
  public static final int FORMAT_VERSION = 1;

  /** Ending of file names. */
  public static final String EXTENSION = ".spyhop";

  private ModelFile() {}

  /**
   * Opens a model.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the file is not a sound model; says why
   */
  public static Model read(Path file) {
    throw new UnsupportedOperationException();
  }

  /** The description alone, without reading weights. */
  public static ModelSpec readSpec(Path file) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes a model, replacing the file only once all is written. The same model gives the same
   * bytes.
   *
   * @throws sc.fiji.spyhop.SpyhopException if it cannot be written; what was there is still there
   */
  public static void write(Model model, Path file) {
    throw new UnsupportedOperationException();
  }
}
