package sc.fiji.spyhop.job.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.job.batch.ImageTables;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;

/** Which classes the labels of a folder of results are, by its tables. */
final class ClassesOfResults {

  private static final int MAX = 256;

  private ClassesOfResults() {}

  /** Names of labels 0, 1, ...; empty if labels number objects, or nothing says what they are. */
  static List<String> in(Path folder) {
    List<String> areas = ofAreas(folder.resolve(ImageTables.CLASSES));
    return areas.isEmpty() ? ofRows(folder.resolve("results.csv")) : areas;
  }

  /** The table of areas tells all classes of each image, in the order of their labels. */
  private static List<String> ofAreas(Path table) {
    Set<String> names = new LinkedHashSet<>();
    read(
        table,
        List.of("image", "class", "pixels"),
        row -> {
          names.add(CsvFile.original(row.get("class")));
          return true;
        });
    return List.copyOf(names);
  }

  /**
   * That of results tells those that were found, not the first. Where it says how likely the class
   * of each row is, rows are objects.
   */
  private static List<String> ofRows(Path table) {
    TreeMap<Integer, String> names = new TreeMap<>();
    boolean read =
        read(
            table,
            List.of("label", "class"),
            row -> {
              if (row.isMapped(ObjectTable.PROBABILITY)) return false;
              double label = Decimals.parse(row.get("label"));
              String name = CsvFile.original(row.get("class"));
              boolean one = !name.isEmpty() && label >= 1 && label < MAX;
              if (one) names.put((int) label, name);
              return one;
            });
    if (!read || names.isEmpty()) return List.of();
    List<String> classes = new ArrayList<>(List.of("background"));
    int last = names.lastKey();
    for (int label = 1; label <= last; label++) {
      classes.add(names.getOrDefault(label, "class " + label));
    }
    return classes;
  }

  /**
   * @param row takes a row; says whether to go on
   * @return whether it is such a table, of which all rows were taken
   */
  private static boolean read(Path table, List<String> columns, Predicate<CSVRecord> row) {
    if (!Files.isRegularFile(table)) return false;
    try (CSVParser csv =
        CSVParser.parse(
            table,
            StandardCharsets.UTF_8,
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      if (!csv.getHeaderNames().containsAll(columns)) return false;
      for (CSVRecord r : csv) {
        if (!r.isConsistent() || !row.test(r)) return false;
      }
      return true;
    } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
      return false; // it is no table of results
    }
  }
}
