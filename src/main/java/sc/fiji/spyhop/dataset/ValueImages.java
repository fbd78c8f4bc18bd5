package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.util.DecimalMarks;
import sc.fiji.spyhop.util.Strings;

/**
 * Images with numbers measured on them.
 *
 * @param names of what was measured
 * @param units one for each; empty texts where there is none
 * @param truths numbers of each sample
 * @param samples images with their numbers
 * @param notes sentences about what was left out or has to be known
 */
public record ValueImages(
    List<String> names,
    List<String> units,
    List<RealValues> truths,
    Dataset<RealValues> samples,
    List<String> notes) {

  /** What numbers of slice labels are called. */
  private static final String LABEL = "value";

  private static final Pattern UNIT = Pattern.compile("(.+?)\\s*[(\\[](.+)[)\\]]");

  /**
   * Reads an index: a CSV file with a column {@code image} (path from its folder, or from {@code
   * images} there), {@code subset} if there are any, and a column of numbers for each thing that
   * was measured, its unit in brackets: {@code length (µm)}. Images are read later, when the set is
   * asked for them. Without an index, stacks in the folder, or one stack, whose slice labels are
   * numbers.
   *
   * @param folder or a stack
   * @param index absent: {@code index.csv} of the folder
   * @param subset absent: all
   * @param columns names of those to take; empty: all but that of groups
   * @throws SpyhopException if a file, a column or a number is missing
   */
  public static ValueImages read(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      List<String> columns,
      Grouping grouping,
      ImageReader reader) {
    if (!Files.exists(folder)) {
      throw new SpyhopException(
          "No images: expected a folder or a stack, received " + folder + ", which is not there.");
    }
    Path file = index.orElse(folder.resolve("index.csv"));
    if (!Files.exists(file) && index.isEmpty()) {
      Path root = subset.filter(s -> Files.isDirectory(folder)).map(folder::resolve).orElse(folder);
      Optional<ValueImages> labelled =
          Files.exists(root) ? ofStacks(root, reader) : Optional.empty();
      if (labelled.isPresent()) return labelled.get();
    }
    IndexTable all = IndexTable.read(file);
    int image = all.require("image", "name", "file");
    int apart = all.column("subset").orElse(image);
    List<Integer> measured =
        IntStream.range(0, all.columns().size())
            .filter(i -> i != image && i != apart && !grouping.isBy(all.columns().get(i)))
            .filter(i -> columns.isEmpty() || columns.stream().anyMatch(isOf(all.columns().get(i))))
            .boxed()
            .toList();
    List<String> names = measured.stream().map(i -> name(all.columns().get(i))).toList();
    if (names.isEmpty()
        || !columns.stream()
            .allMatch(c -> measured.stream().anyMatch(i -> isOf(all.columns().get(i)).test(c)))) {
      throw new SpyhopException(
          Strings.format(
              "%s has the columns %s: expected image and %s.",
              file,
              String.join(", ", all.columns()),
              columns.isEmpty() ? "columns of numbers" : String.join(", ", columns)));
    }
    IndexTable table = all.only(subset);
    Map<Path, RealValues> found = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    IndexedImages images = new IndexedImages(file);
    for (List<String> row : table.rows()) {
      Optional<Path> path = images.find(row.get(image), problems);
      Optional<RealValues> values =
          values(row, table.marks(), measured, table.columns(), image, problems);
      if (path.isEmpty() || values.isEmpty()) continue;
      if (found.put(path.get(), values.get()) != null) {
        problems.add(row.get(image) + " is listed twice");
      }
    }
    BadSamples.throwIfAny(problems, file.toString());
    if (found.isEmpty()) throw new SpyhopException(file + " lists no images.");
    List<Dataset.Entry<RealValues>> entries = new ArrayList<>();
    found.forEach(
        (path, values) -> {
          String label = ClassImages.label(folder, path);
          entries.add(new Dataset.Entry<>(label, () -> sample(label, path, values, reader)));
        });
    List<String> units = measured.stream().map(i -> unit(table.columns().get(i))).toList();
    Dataset<RealValues> samples = Dataset.of(entries);
    return new ValueImages(names, units, List.copyOf(found.values()), samples, List.of());
  }

  private static Optional<ValueImages> ofStacks(Path place, ImageReader reader) {
    Optional<LabelledSlices> found = LabelledSlices.find(place, reader);
    if (found.isEmpty()) return Optional.empty();
    List<String> problems = new ArrayList<>();
    Map<String, RealValues> values = new LinkedHashMap<>();
    for (LabelledSlices.Slice slice : found.get().slices()) {
      values(
              List.of(slice.name(), slice.label()),
              DecimalMarks.POINT,
              List.of(1),
              List.of("", "label"),
              0,
              problems)
          .ifPresent(v -> values.put(slice.label(), v));
    }
    BadSamples.throwIfAny(problems, place.toString());
    return Optional.of(
        new ValueImages(
            List.of(LABEL),
            List.of(""),
            found.get().labels().stream().map(values::get).toList(),
            found.get().samples(s -> values.get(s.label()), reader),
            found.get().notes()));
  }

  private static Optional<RealValues> values(
      List<String> row,
      DecimalMarks marks,
      List<Integer> measured,
      List<String> columns,
      int image,
      List<String> problems) {
    List<Double> values = new ArrayList<>();
    for (int i : measured) {
      double value = marks.parse(row.get(i));
      values.add(value);
      if (!(Math.abs(value) <= Float.MAX_VALUE)) {
        problems.add(
            Strings.format(
                "%s has \"%s\" for %s, no number from -3.4e38 to 3.4e38",
                row.get(image), row.get(i), columns.get(i)));
        return Optional.empty();
      }
    }
    return Optional.of(new RealValues(values));
  }

  /** Whether a text names a column: with its unit or without. */
  private static Predicate<String> isOf(String column) {
    return asked -> asked.equals(column) || asked.equals(name(column));
  }

  private static String name(String column) {
    Matcher unit = UNIT.matcher(column);
    return unit.matches() ? unit.group(1) : column;
  }

  private static String unit(String column) {
    Matcher unit = UNIT.matcher(column);
    return unit.matches() ? unit.group(2) : "";
  }

  private static Sample<RealValues> sample(
      String name, Path file, RealValues truth, ImageReader reader) {
    Frame frame = reader.readFrame(file);
    return new Sample<>(new Frame(name, frame.pixels(), frame.pixelSize()), truth);
  }
}
