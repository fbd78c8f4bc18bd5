package sc.fiji.spyhop.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.util.Folders;

/** Images of a folder about which nothing needs to be known. */
final class PlainImages {

  private PlainImages() {}

  /**
   * The images of a folder and those below, or of files as those of MNIST.
   *
   * @param subset of MNIST {@code train} or {@code test}, else a folder in the folder; blank for
   *     all
   * @throws sc.fiji.spyhop.SpyhopException if there are none
   */
  static Dataset<?> read(Path given, String subset, ImageFiles reader) {
    Path folder = given.toAbsolutePath();
    Folders.require(folder, "a folder of images");
    Optional<String> name = Optional.of(subset.strip()).filter(s -> !s.isEmpty());
    Path part = name.map(folder::resolve).orElse(folder);
    Path searched = Files.isDirectory(part) ? part : folder;
    // of a data set, and of what was generated, the images alone: not a sheet that shows them
    boolean dataSet = Files.isDirectory(searched.resolve("images"));
    if (dataSet && Files.exists(searched.resolve("index.csv")))
      searched = searched.resolve("images");
    Inputs inputs = Inputs.expand(List.of(searched.toString()), true, searched.resolve("."));
    if (inputs.files().isEmpty()) {
      if (!ClassImages.isMnist(folder)) {
        throw new SpyhopException(
            folder
                + ": expected a folder with images, or with files as those of MNIST; found none.");
      }
      return ClassImages.read(folder, Optional.empty(), name, List.of(), reader).samples();
    }
    if (name.isPresent() && !Files.isDirectory(part)) {
      throw SettingException.wrong(
          "subset", "expected a folder in " + folder + ", received \"" + subset + "\".");
    }
    List<Dataset.Entry<String>> entries = new ArrayList<>();
    inputs
        .files()
        .forEach(
            (label, file) ->
                entries.add(
                    new Dataset.Entry<>(label, () -> new Sample<>(reader.readFrame(file), ""))));
    return Dataset.of(entries);
  }
}
