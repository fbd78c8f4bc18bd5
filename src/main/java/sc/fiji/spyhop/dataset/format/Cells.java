package sc.fiji.spyhop.dataset.format;

import java.util.Map;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.util.CsvFile;

/** A row of a table by the names of its columns. */
record Cells(CsvTable table, Map<String, Integer> columns, CSVRecord row) {

  /** Without blanks around it; empty if there is no such column. */
  String text(String column) {
    return columns.containsKey(column) ? whole(column).strip() : "";
  }

  /** With blanks and control characters that are its own, as names of files have them. */
  String whole(String column) {
    return CsvFile.original(row.get(columns.get(column)));
  }

  /** Where this is in its file, and what is there in place of numbers. */
  String where(String... numbers) {
    StringBuilder where = new StringBuilder(CsvTable.where(row));
    for (String column : numbers) where.append(table.wrong(column, text(column)));
    return where.toString();
  }

  double number(String column) {
    return table.number(text(column));
  }

  /** A slice or time point: 1 if there is none; 0 if it is no such thing. */
  int position(String column) {
    String text = text(column);
    if (text.isEmpty()) return 1;
    double value = table.number(text);
    return value >= 1 && value <= 1 << 24 && value == (int) value ? (int) value : 0;
  }
}
