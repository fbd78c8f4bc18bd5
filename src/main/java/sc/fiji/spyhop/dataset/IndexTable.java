package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.CsvFile;
import sc.fiji.spyhop.SpyhopException;

/**
 * Writes tables such as the index of a data set: a row for each image, named in the first column.
 */
public final class IndexTable {

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
    CsvFile.write(
        file,
        csv -> {
          csv.row(columns);
          for (List<String> row : all.values()) csv.row(row);
        });
  }
}
