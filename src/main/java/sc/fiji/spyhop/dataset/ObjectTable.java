package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Which class each object of label images is of: {@code labels.csv} of the data set, with the
 * columns {@code image}, {@code label} and {@code class}, or {@code NAME.csv} or {@code
 * NAME_labels.csv} beside a label image, with {@code label} and {@code class}. Columns {@code
 * slice} and {@code frame} tell planes of stacks apart; other columns are passed over. Columns may
 * be called as other programs call them, in upper or lower case, with or without blanks and
 * underscores. Immutable.
 */
public final class ObjectTable {

  /** The table of a data set. */
  public static final String FILE = "labels.csv";

  /** What an object is called whose class nobody says. */
  public static final String NO_CLASS = "object";

  /** The table of results. */
  private static final String RESULTS = "results.csv";

  /**
   * The column of results that tells how likely the class of an object is; where it is missing,
   * labels are no objects with classes.
   */
  public static final String PROBABILITY = "class_probability";

  private static final List<String> COLUMNS = List.of("image", "label", "class");

  private static final List<String> IMAGE = List.of("image", "imagename", "filename", "file");
  private static final List<String> LABEL =
      List.of("label", "labelid", "objectid", "objectnumber", "object", "id");
  private static final List<String> CLASS =
      List.of("class", "classname", "classification", "celltype", "category", "type");
  private static final List<String> SLICE = List.of("slice", "z");
  private static final List<String> FRAME = List.of("frame", "t");

  private static final String SUFFIX = "_labels";

  /** What stands for all slices, or all time points. */
  private static final int ANY = 0;

  /**
   * A plane of an image.
   *
   * @param image {@link #key} of its name
   */
  private record Plane(String image, int z, int t) {}

  private final Map<Plane, Map<Integer, String>> classes = new HashMap<>();

  private ObjectTable() {}

  /**
   * What tables say of the label images of a folder: those in it, and that of the data set above
   * where the folder is called {@code labels} or {@code masks}; else, in a folder of results, its
   * table.
   *
   * @throws SpyhopException if {@code labels.csv} lacks a column, a label is no whole number from 1
   *     on, or a label has two classes
   */
  public static ObjectTable of(Path labels) {
    ObjectTable table = new ObjectTable();
    Path folder = labels.toAbsolutePath().normalize();
    boolean within = folder.endsWith("labels") || folder.endsWith("masks");
    Path above = folder.resolveSibling(FILE);
    if (within && Files.isRegularFile(above)) table.add(IndexTable.read(above), Optional.empty());
    Path set = folder.resolve(FILE);
    Path results = folder.resolve(RESULTS);
    if (Files.isRegularFile(set)) {
      table.add(IndexTable.read(set), Optional.empty());
    } else if (IndexTable.header(results).contains(PROBABILITY)) {
      table.add(IndexTable.read(results), Optional.empty());
    }
    if (!Files.isDirectory(folder)) return table;
    for (Path file : Naming.images(folder, 1)) {
      String name = Naming.baseName(FileNames.last(file));
      for (String called : new TreeSet<>(List.of(name, plain(name)))) {
        Path own = folder.resolve(called + ".csv");
        if (!own.equals(set) && isOfLabels(own)) {
          table.add(IndexTable.read(own), Optional.of(plain(name)));
        }
      }
    }
    return table;
  }

  private static boolean isOfLabels(Path file) {
    List<String> columns = IndexTable.header(file);
    return position(columns, LABEL).isPresent() && position(columns, CLASS).isPresent();
  }

  /**
   * @param image that all rows are about; absent if a column says it
   */
  private void add(IndexTable table, Optional<String> image) {
    int label = require(table, LABEL);
    int type = require(table, CLASS);
    Optional<Integer> name =
        image.isPresent() ? Optional.empty() : Optional.of(require(table, IMAGE));
    Optional<Integer> slice = position(table.columns(), SLICE);
    Optional<Integer> frame = position(table.columns(), FRAME);
    for (int i = 0; i < table.rows().size(); i++) {
      List<String> row = table.rows().get(i);
      String own = name.map(row::get).orElseGet(image::get);
      Plane plane =
          new Plane(
              key(own),
              slice.map(c -> whole(table, row, c)).orElse(ANY),
              frame.map(c -> whole(table, row, c)).orElse(ANY));
      int number = whole(table, row, label);
      if (row.get(type).isEmpty()) continue;
      String before =
          classes.computeIfAbsent(plane, p -> new HashMap<>()).putIfAbsent(number, row.get(type));
      if (before != null && !before.equals(row.get(type))) {
        throw new SpyhopException(
            Strings.format(
                "%s, row %d: label %d of %s is of class %s and of class %s. Keep one of the rows.",
                table.file(), i + 2, number, own, before, row.get(type)));
      }
    }
  }

  private static int require(IndexTable table, List<String> names) {
    return position(table.columns(), names)
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "%s has the columns %s: expected %s, and none called %s is there.",
                        table.file(),
                        String.join(", ", table.columns()),
                        String.join(", ", COLUMNS),
                        String.join(" or ", names))));
  }

  /** Position of the first of these names that is there, written just so or in another way. */
  private static Optional<Integer> position(List<String> columns, List<String> names) {
    List<String> plain =
        columns.stream().map(c -> c.toLowerCase(Locale.ROOT).replaceAll("[\\s_]", "")).toList();
    return names.stream()
        .map(name -> columns.contains(name) ? columns.indexOf(name) : plain.indexOf(name))
        .filter(i -> i >= 0)
        .findFirst();
  }

  private static int whole(IndexTable table, List<String> row, int column) {
    double number = Decimals.parse(row.get(column));
    if (number >= 1 && number <= LabelMap.MAX_LABEL && number == Math.rint(number)) {
      return (int) number;
    }
    throw new SpyhopException(
        Strings.format(
            "%s, row %d: expected a whole number from 1 on in the column %s, received \"%s\".",
            table.file(),
            table.rows().indexOf(row) + 2,
            table.columns().get(column),
            row.get(column)));
  }

  private static String plain(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  /** The same for all ways to write the name of an image, with its folders or as a label image. */
  private static String key(String image) {
    String path = image.replace('\\', '/');
    if (path.startsWith("images/")) path = path.substring("images/".length());
    return FileNames.key(plain(Naming.baseName(path.replace('/', '_'))));
  }

  /** Whether they say nothing. */
  public boolean isEmpty() {
    return classes.isEmpty();
  }

  /** How many objects there are of each class, by name. */
  public SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    classes.values().forEach(p -> p.values().forEach(type -> counts.merge(type, 1, Integer::sum)));
    return counts;
  }

  /**
   * Names of classes by label, in a plane of an image.
   *
   * @param image its name, with or without extension
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public Map<Integer, String> of(String image, int z, int t) {
    String key = key(image);
    Map<Integer, String> found = new HashMap<>();
    for (int slice : new int[] {ANY, z}) {
      for (int frame : new int[] {ANY, t}) {
        found.putAll(classes.getOrDefault(new Plane(key, slice, frame), Map.of()));
      }
    }
    return found;
  }

  /**
   * Labels of objects with their classes. Objects of other classes become background. With one
   * class alone, objects whose class is not said are unlabelled; else they stay, without a class.
   *
   * @param names of classes by label
   * @param types names of classes 0, 1, ...
   */
  public static LabelMap classed(LabelMap labels, Map<Integer, String> names, List<String> types) {
    LabelMap kept = LabelMap.sized(labels.width(), labels.height(), labels.max());
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      if (label == 0) continue;
      String name = names.get(label);
      if (label == LabelMap.UNLABELLED || name == null) {
        kept.set(i, types.size() > 1 ? label : LabelMap.UNLABELLED);
      } else if (types.contains(name)) {
        kept.set(i, label);
        numbers.put(label, types.indexOf(name));
      }
    }
    return kept.withClasses(new ObjectClasses(numbers));
  }

  /**
   * An object of a label image.
   *
   * @param image file name
   */
  public record Row(String image, int label, String type) {}

  /**
   * Writes {@link #FILE} of a data set, whole or not at all. Objects of no class have no row.
   *
   * @param add whether rows that are there stay, but for those of the same images
   */
  public static void write(Path folder, List<Row> rows, boolean add) {
    Path file = folder.resolve(FILE);
    Set<String> images = rows.stream().map(Row::image).collect(Collectors.toSet());
    List<List<String>> all = new ArrayList<>();
    if (add && Files.exists(file)) {
      IndexTable there = IndexTable.read(file);
      int image = require(there, IMAGE);
      int label = require(there, LABEL);
      int type = require(there, CLASS);
      for (List<String> row : there.rows()) {
        if (images.contains(row.get(image))) continue;
        all.add(List.of(row.get(image), row.get(label), row.get(type)));
      }
    }
    rows.stream()
        .filter(r -> !r.type.equals(NO_CLASS))
        .forEach(r -> all.add(List.of(r.image, String.valueOf(r.label), r.type)));
    CsvFile.write(
        file,
        csv -> {
          csv.row(COLUMNS);
          for (List<String> row : all) csv.row(row);
        });
  }
}
