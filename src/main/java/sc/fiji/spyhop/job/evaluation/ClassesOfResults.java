package sc.fiji.spyhop.job.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;

/** Which classes the labels of a folder of results are, by its table. */
final class ClassesOfResults {

  private static final int MAX = 256;

  private ClassesOfResults() {}

  /** Names of labels 0, 1, ...; empty if labels number objects, or nothing says what they are. */
  static List<String> in(Path folder) {
    Path table = folder.resolve("results.csv");
    if (!Files.isRegularFile(table)) return List.of();
    TreeMap<Integer, String> names = new TreeMap<>();
    try (CSVParser csv =
        CSVParser.parse(
            table,
            StandardCharsets.UTF_8,
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      if (!csv.getHeaderNames().containsAll(List.of("label", "class"))) return List.of();
      for (CSVRecord row : csv) {
        if (!row.isConsistent()) return List.of();
        double label = Decimals.parse(row.get("label"));
        String name = CsvFile.original(row.get("class"));
        if (name.isEmpty() || !(label >= 1 && label < MAX)) return List.of();
        names.put((int) label, name);
      }
    } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
      return List.of(); // it is no table of results
    }
    if (names.isEmpty()) return List.of();
    List<String> classes = new ArrayList<>(List.of("background"));
    int last = names.lastKey();
    for (int label = 1; label <= last; label++) {
      classes.add(names.getOrDefault(label, "class " + label));
    }
    return classes;
  }
}
