package sc.fiji.spyhop.job.page;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;

/** A table that a batch wrote, row by row: however long it is, a row is held at a time. */
final class TableRows {

  private final Map<String, Integer> columns = new LinkedHashMap<>();
  private List<String> cells = List.of();
  private int width;

  private TableRows() {}

  /**
   * Reads a table.
   *
   * @param each is told of each row
   * @return what the columns are
   * @throws SpyhopException if it cannot be read, or is no such table
   */
  static TableRows read(Path file, Consumer<TableRows> each) {
    TableRows rows = new TableRows();
    try (Reader reader = Files.newBufferedReader(file);
        CSVParser csv = CSVFormat.RFC4180.parse(reader)) {
      for (CSVRecord row : csv) {
        rows.cells = row.toList();
        if (row.getRecordNumber() == 1) {
          rows.width = rows.cells.size();
          for (int i = 0; i < rows.width; i++) rows.columns.putIfAbsent(rows.cells.get(i), i);
        } else if (rows.cells.size() == rows.width) {
          each.accept(rows);
        } else {
          throw new SpyhopException(
              file + ": row " + row.getRecordNumber() + " has not as many cells as the header.");
        }
      }
      if (rows.columns.isEmpty()) {
        throw new SpyhopException(
            file
                + " is empty: expected a table with a header. Run the same again, which writes it"
                + " anew.");
      }
      return rows;
    } catch (IOException | UncheckedIOException e) {
      String why = e instanceof IOException io ? AtomicFile.reason(io) : CsvFile.fault(e);
      throw new SpyhopException(file + ": cannot be read: " + why + ".", e);
    }
  }

  /** In their order. */
  List<String> columns() {
    return new ArrayList<>(columns.keySet());
  }

  boolean has(String... names) {
    return columns.keySet().containsAll(Set.of(names));
  }

  /** Empty if there is no such column. */
  String text(String column) {
    Integer at = columns.get(column);
    return at == null ? "" : CsvFile.original(cells.get(at));
  }

  /** NaN if there is no such column, or the cell is empty. */
  double number(String column) {
    return Decimals.parse(text(column));
  }
}
