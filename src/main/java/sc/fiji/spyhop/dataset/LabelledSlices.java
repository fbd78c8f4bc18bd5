package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
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
   * @param stack number of the file, from 0
   */
  record Slice(String name, int stack, Path file, ImageReader.Plane plane) {
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
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      List<ImageReader.Plane> planes = reader.planes(file);
      String name = file.equals(place) ? FileNames.last(file) : ClassImages.label(place, file);
      int unlabelled = 0;
      for (ImageReader.Plane plane : planes) {
        if (plane.label().isBlank()) unlabelled++;
        else slices.add(new Slice(name(name, plane, planes), i, file, plane));
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
   * Draws slices for validation: whole stacks, so that validation sees no neighbours of what was
   * trained on, as long as training keeps each class; where that leaves no stack, single slices.
   */
  static <T> Split<T> split(
      Dataset<T> samples, List<Integer> stacks, List<Integer> classes, double fraction, long seed) {
    Set<Integer> spared = fraction > 0 ? spared(stacks, classes, fraction, seed) : Set.of();
    if (spared.isEmpty()) return Split.byClasses(samples, fraction, seed, classes);
    List<Integer> all = IntStream.range(0, samples.size()).boxed().toList();
    return new Split<>(
        samples.select(all.stream().filter(i -> !spared.contains(stacks.get(i))).toList()),
        samples.select(all.stream().filter(i -> spared.contains(stacks.get(i))).toList()));
  }

  /** A sentence for those who would take figures of single slices at their word. */
  static Optional<String> caution(List<Integer> stacks, List<Integer> classes) {
    if (!spared(stacks, classes, 0.5, 1).isEmpty()) return Optional.empty();
    return Optional.of(
        "Validation is on single slices, since "
            + (new HashSet<>(stacks).size() == 1
                ? "there is one stack"
                : "some classes are in one stack only")
            + ": they resemble slices that are trained on, so figures may be too good.");
  }

  /** Stacks that training can do without, up to a share of all slices, but one if possible. */
  private static Set<Integer> spared(
      List<Integer> stacks, List<Integer> classes, double fraction, long seed) {
    Map<Integer, Map<Integer, Integer>> perStack = new TreeMap<>();
    Map<Integer, Integer> left = new HashMap<>();
    for (int i = 0; i < stacks.size(); i++) {
      perStack
          .computeIfAbsent(stacks.get(i), s -> new HashMap<>())
          .merge(classes.get(i), 1, Integer::sum);
      left.merge(classes.get(i), 1, Integer::sum);
    }
    List<Integer> order = new ArrayList<>(perStack.keySet());
    Collections.shuffle(order, new Random(seed));
    Set<Integer> spared = new HashSet<>();
    double wanted = fraction * stacks.size();
    int taken = 0;
    for (int stack : order) {
      Map<Integer, Integer> counts = perStack.get(stack);
      int size = counts.values().stream().mapToInt(n -> n).sum();
      boolean fits = spared.isEmpty() || taken + size / 2.0 <= wanted;
      if (!fits || counts.entrySet().stream().anyMatch(c -> left.get(c.getKey()) <= c.getValue())) {
        continue;
      }
      counts.forEach((c, n) -> left.merge(c, -n, Integer::sum));
      spared.add(stack);
      taken += size;
    }
    return spared;
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
