package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** Classes of images by a table. */
final class LabelTable {

  private static final List<String> TABLES = List.of("index.csv", "labels.csv");
  private static final String[] IMAGE = {"image", "name", "file"};
  private static final String[] CLASS = {"class", "label"};
  private static final String CLASSES = "classes";

  /** Columns that say something else than classes. */
  private static final Set<String> OTHERS = Set.of("image", "name", "file", "subset", "group");

  private final IndexTable table;
  private final Path index;
  private final Map<List<String>, Integer> rows = new IdentityHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<Path, List<String>> found = new LinkedHashMap<>();
  private final Map<Path, List<Integer>> rowsOf = new LinkedHashMap<>();

  private LabelTable(Path index, Optional<String> subset) {
    IndexTable all = IndexTable.read(index);
    this.index = index;
    table = all.only(subset);
    for (int i = 0; i < all.rows().size(); i++) rows.put(all.rows().get(i), i + 2);
  }

  /** The table of a folder, which need not be there. */
  static Path in(Path folder) {
    return TABLES.stream()
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElse(folder.resolve(TABLES.get(0)));
  }

  /**
   * Reads a table.
   *
   * @param known the classes there may be; empty: those that are found
   * @throws SpyhopException if images are missing or not labelled, or have several classes where
   *     that is not wanted
   */
  static FoundLabels read(
      Path index, Optional<String> subset, List<String> known, ClassImages.Labels labels) {
    LabelTable read = new LabelTable(index, subset);
    FoundLabels told = read.told(known, labels);
    BadSamples.throwIfAny(read.problems, index.toString());
    if (read.found.isEmpty()) throw new SpyhopException(index + " lists no images.");
    return told;
  }

  private FoundLabels told(List<String> known, ClassImages.Labels labels) {
    Optional<Integer> one = table.column(CLASS);
    Optional<Integer> many = table.column(CLASSES);
    if (many.isPresent() && (one.isEmpty() || labels == ClassImages.Labels.SEVERAL)) {
      requireWanted(labels, "a column classes");
      return lists(many.get(), false, known, "column classes of " + FileNames.last(index));
    }
    if (one.isPresent()) {
      boolean marked =
          table.rows().stream().anyMatch(r -> r.get(one.get()).contains(ClassTask.SEPARATOR));
      if (labels == ClassImages.Labels.AUTO && marked) {
        return lists(one.get(), false, known, "names with semicolons in " + FileNames.last(index));
      }
      if (labels == ClassImages.Labels.SEVERAL) {
        return lists(one.get(), true, known, "as was asked for");
      }
      return single(one.get());
    }
    List<Integer> flags = flags(known);
    if (flags.isEmpty() || labels == ClassImages.Labels.ONE)
      table.require("class", "label", CLASSES);
    return flagged(flags);
  }

  private void requireWanted(ClassImages.Labels labels, String received) {
    if (labels != ClassImages.Labels.ONE) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected a column class, as each image is of one class here, received %s, which"
                + " may name several.",
            index, received));
  }

  private FoundLabels single(int type) {
    for (List<String> row : table.rows()) {
      Optional<Path> file = file(row);
      if (row.get(type).isEmpty()) problems.add(image(row) + " has no class");
      else if (file.isPresent() && found.put(file.get(), List.of(row.get(type))) != null) {
        problems.add(
            image(row)
                + " is listed twice (which is right only if an image may be of several classes:"
                + " several=true, --several in the shell)");
      }
    }
    return FoundLabels.of(found, false, List.of());
  }

  /**
   * Names with semicolons.
   *
   * @param joined whether rows of one image count together; else an image is to have one row
   * @param known the classes there may be; empty: those that are found
   */
  private FoundLabels lists(int type, boolean joined, List<String> known, String why) {
    for (List<String> row : table.rows()) {
      Optional<Path> file = file(row);
      if (row.get(type).isEmpty()) {
        problems.add(
            Strings.format(
                "row %d (%s) names no class: write %s if the image is of none",
                rows.get(row), image(row), ClassTask.NONE));
        continue;
      }
      FoundLabels.fault(row.get(type), known)
          .ifPresent(
              fault ->
                  problems.add(Strings.format("row %d (%s) %s", rows.get(row), image(row), fault)));
      if (file.isPresent()) put(file.get(), row, ClassTask.names(row.get(type)), joined);
    }
    List<String> notes = new ArrayList<>(List.of(FoundLabels.told(why)));
    if (joined) join(notes);
    else requireOneRow();
    return FoundLabels.of(found, true, notes);
  }

  /** Adds the names of a row to those of its image. */
  private void put(Path file, List<String> row, List<String> names, boolean joined) {
    List<String> before = found.get(file);
    if (joined && before != null && before.isEmpty() != names.isEmpty()) {
      problems.add(
          Strings.format(
              "rows %d and %d (%s) say %s and a class",
              rowsOf.get(file).get(0), rows.get(row), image(row), ClassTask.NONE));
    }
    rowsOf.computeIfAbsent(file, f -> new ArrayList<>()).add(rows.get(row));
    found.merge(file, names, (a, b) -> Stream.concat(a.stream(), b.stream()).distinct().toList());
  }

  private void requireOneRow() {
    rowsOf.forEach(
        (file, of) -> {
          if (of.size() > 1) {
            problems.add(
                Strings.format(
                    "%s are about %s, which is to have one", rows(of), FileNames.last(file)));
          }
        });
  }

  private void join(List<String> notes) {
    List<Map.Entry<Path, List<Integer>>> several =
        rowsOf.entrySet().stream().filter(e -> e.getValue().size() > 1).toList();
    if (several.isEmpty()) return;
    Map.Entry<Path, List<Integer>> first = several.get(0);
    notes.add(
        Strings.format(
            "Rows of one image count together: %s in several, such as %s (%s).",
            several.size() == 1 ? "1 image is" : several.size() + " images are",
            FileNames.last(first.getKey()),
            rows(first.getValue())));
  }

  /** {@code rows 2 and 5}. */
  private static String rows(List<Integer> rows) {
    return "rows " + rows.stream().map(String::valueOf).collect(Collectors.joining(" and "));
  }

  /** Columns of zeros and ones, of those classes that there may be. */
  private List<Integer> flags(List<String> known) {
    return IntStream.range(0, table.columns().size())
        .filter(c -> OTHERS.stream().noneMatch(table.columns().get(c)::equalsIgnoreCase))
        .filter(c -> known.isEmpty() || known.contains(table.columns().get(c)))
        .filter(
            c ->
                table.rows().stream().allMatch(r -> isFlag(r.get(c)) || r.get(c).isEmpty())
                    && table.rows().stream().anyMatch(r -> isFlag(r.get(c))))
        .boxed()
        .toList();
  }

  private static boolean isFlag(String cell) {
    return cell.equals("0") || cell.equals("1");
  }

  private FoundLabels flagged(List<Integer> flags) {
    List<String> classes = flags.stream().map(table.columns()::get).toList();
    for (List<String> row : table.rows()) {
      Optional<Path> file = file(row);
      for (int c : flags) {
        if (!row.get(c).isEmpty()) continue;
        problems.add(
            Strings.format(
                "row %d (%s) has neither 0 nor 1 for %s",
                rows.get(row), image(row), table.columns().get(c)));
      }
      List<String> names =
          flags.stream().filter(c -> row.get(c).equals("1")).map(table.columns()::get).toList();
      if (file.isPresent()) {
        rowsOf.computeIfAbsent(file.get(), f -> new ArrayList<>()).add(rows.get(row));
        found.put(file.get(), names);
      }
    }
    requireOneRow();
    String why =
        Strings.format(
            "columns of 0 and 1 of %s: %s", FileNames.last(index), String.join(", ", classes));
    return new FoundLabels(found, classes, true, List.of(FoundLabels.told(why)));
  }

  private String image(List<String> row) {
    return row.get(table.require(IMAGE));
  }

  private IndexedImages images;

  private Optional<Path> file(List<String> row) {
    if (images == null) images = new IndexedImages(index);
    return images.find(image(row), problems);
  }
}
