package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.annotation.Check;
import sc.fiji.spyhop.ij.annotation.DataSetFolder;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.ij.annotation.Marks;
import sc.fiji.spyhop.util.Folders;

/**
 * Where a training takes its images from: a folder, or an open image whose annotations are written
 * to a temporary one, so that both are the same to the training.
 *
 * @param name of the folder or the image
 * @param kind of the annotations of the image; absent for a folder
 */
record TrainingData(Path folder, String name, Optional<Kind> kind) implements AutoCloseable {

  /**
   * What to learn of the annotations of an image.
   *
   * @param names see {@link DataSetFolder}; empty for those found
   */
  record Wanted(Kind kind, List<String> names) {

    /** With the names found. */
    static Wanted of(Kind kind) {
      return new Wanted(kind, List.of());
    }
  }

  /**
   * Finds the data.
   *
   * @param data folder; may be empty if there is an image
   * @param image title of an open image; may be empty
   * @param wanted of the annotations of the image
   * @param complete whether what is not drawn in the image is background
   * @throws SpyhopException if neither is given, or both are, or nothing of the kind is annotated
   */
  static TrainingData of(
      File data, String label, String image, Function<Marks, Wanted> wanted, boolean complete) {
    if (image.isBlank()) {
      Path folder = TrainedFile.given(data, label, "data");
      return new TrainingData(folder, folder.getFileName().toString(), Optional.empty());
    }
    if (data != null && !data.getPath().isBlank()) {
      throw new SpyhopException(
          label + " and annotated image exclude each other. Empty one (in macros: data or image).");
    }
    ImagePlus open = OpenImages.find(image);
    Marks marks = Marks.of(open, Marks.regions(open, Marks.Source.AUTO), Marks.Naming.AUTO);
    Wanted of = wanted.apply(marks);
    Check check = Check.of(marks, of.kind, complete);
    if (!check.rows().isEmpty()) check.lines().forEach(line -> IJ.log("Spyhop: " + line));
    TrainingData made = new TrainingData(newFolder(), open.getTitle(), Optional.of(of.kind));
    try {
      new DataSetFolder(marks, of.kind, complete, of.names)
          .write(made.folder, false, Progress.NONE);
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("spyhop-annotations");
    } catch (IOException e) {
      throw Folders.cannotWriteTemporary("The annotations", e);
    }
  }

  @Override
  public void close() {
    if (kind.isEmpty()) return;
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
