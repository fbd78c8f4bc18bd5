package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Slices of stacks whose labels tell what is known about them, as {@code Spyhop Classify} writes
 * them. Pixels are read later, slice by slice.
 *
 * @param notes sentences about what was left out
 */
record LabelledSlices(List<Slice> slices, List<String> notes) {

  /**
   * One of them.
   *
   * @param name of the sample: file, and slice where there are several
   */
  record Slice(String name, Path file, ImageReader.Plane plane) {
    String label() {
      return plane.label();
    }

    <T> Sample<T> sample(T truth, ImageReader reader) {
      Frame frame = reader.readFrame(file, plane.z(), plane.t());
      return new Sample<>(new Frame(name, frame.pixels(), frame.pixelSize()), truth);
    }
  }

  /**
   * Looks into a stack, or into the images of a folder.
   *
   * @param place a file or a folder
   * @return absent if no slice has a label
   */
  static Optional<LabelledSlices> find(Path place, ImageReader reader) {
    List<Path> files = Files.isDirectory(place) ? Naming.images(place, 1) : List.of(place);
    List<Slice> slices = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Path file : files) {
      List<ImageReader.Plane> planes = reader.planes(file);
      String name = file.equals(place) ? FileNames.last(file) : ClassImages.label(place, file);
      int unlabelled = 0;
      for (ImageReader.Plane plane : planes) {
        if (plane.label().isBlank()) unlabelled++;
        else slices.add(new Slice(name(name, plane, planes), file, plane));
      }
      if (unlabelled > 0) {
        notes.add(
            Strings.format(
                "%s: %d of %d slices without a label, left out.", name, unlabelled, planes.size()));
      }
    }
    return slices.isEmpty() ? Optional.empty() : Optional.of(new LabelledSlices(slices, notes));
  }

  private static String name(String file, ImageReader.Plane plane, List<ImageReader.Plane> all) {
    if (all.size() == 1) return file;
    boolean timed = all.get(all.size() - 1).t() > 1;
    return file + " slice " + plane.z() + (timed ? " frame " + plane.t() : "");
  }

  List<String> labels() {
    return slices.stream().map(Slice::label).toList();
  }

  /** Samples that are read when asked for. */
  <T> Dataset<T> samples(Function<Slice, T> truth, ImageReader reader) {
    return Dataset.of(
        slices.stream()
            .map(s -> new Dataset.Entry<>(s.name, () -> s.sample(truth.apply(s), reader)))
            .toList());
  }

  /**
   * Refuses labels that are names of slices rather than classes.
   *
   * @throws SpyhopException if all of three or more differ
   */
  void requireClasses(Path place) {
    int distinct = new HashSet<>(labels()).size();
    if (slices.size() < 3 || distinct < slices.size()) return;
    throw new SpyhopException(
        Strings.format(
                "%s: expected slice labels that are names of classes, received %d labels that all differ,",
                place, distinct)
            + Strings.format(
                " such as %s. Label slices with Image > Stacks > Tools > Set Label, or Spyhop",
                slices.get(0).label())
            + " Classify.");
  }
}
