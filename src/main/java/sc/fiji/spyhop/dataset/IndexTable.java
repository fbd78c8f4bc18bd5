package sc.fiji.spyhop.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import sc.fiji.spyhop.AtomicFile;
import sc.fiji.spyhop.SpyhopException;

/**
 * Writes tables such as the index of a data set: a row for each image, named in the first column.
 */
public final class IndexTable {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private IndexTable() {}

  /** Whether a table is there and has just these columns. */
  public static boolean has(Path file, List<String> columns) {
    return Files.exists(file) && CsvTable.read(file).columns().equals(columns);
  }

  /**
   * Writes a table, whole or not at all.
   *
   * @param add whether rows that are there stay, but for those of the same name
   * @throws SpyhopException if it cannot be written
   */
  public static void write(Path file, List<String> columns, List<List<String>> rows, boolean add) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    if (add && Files.exists(file)) {
      CsvTable.read(file).rows().forEach(r -> all.put(r.get(0), r));
    }
    rows.forEach(r -> all.put(r.get(0), r));
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
      printer.printRecord(columns);
      for (List<String> row : all.values()) printer.printRecord(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
