package sc.fiji.spyhop.command;

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
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.util.FileNames;
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
   * Finds the data of a training.
   *
   * @param wanted of the annotations of an open image
   * @param complete whether what is not drawn in the image is background
   * @throws SettingException if both a folder and an image are given
   * @throws SpyhopException if nothing of the kind is annotated
   */
  static TrainingData of(
      TrainCommand training, Function<Marks, Wanted> wanted, boolean complete, Caller caller) {
    if (training.image().isBlank()) {
      Path path = training.data().toPath().toAbsolutePath();
      return new TrainingData(path, FileNames.last(path), Optional.empty());
    }
    if (!training.data().getPath().isBlank()) {
      throw SettingException.wrong(
          "data", "it and an annotated image exclude each other. Empty one of them.");
    }
    ImagePlus open = OpenImages.find("Annotated image", training.image());
    Marks marks = Marks.of(open, Marks.regions(open, Marks.Source.AUTO), Marks.Naming.AUTO);
    Wanted of = wanted.apply(marks);
    Check check = Check.of(marks, of.kind, complete);
    if (!check.rows().isEmpty()) check.lines().forEach(caller::note);
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
