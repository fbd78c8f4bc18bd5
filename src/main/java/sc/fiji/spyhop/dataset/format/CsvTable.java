package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.DecimalMarks;
import sc.fiji.spyhop.util.Strings;

/**
 * A CSV file (RFC 4180) in UTF-8, separated by commas, semicolons or tabulators; with the latter,
 * numbers may have a decimal comma.
 */
final class CsvTable {

  /** Rows that tell what a table is. */
  private static final int HEAD = 4;

  private final Path file;
  private final DecimalMarks marks;
  private final List<CSVRecord> rows;

  private CsvTable(Path file, DecimalMarks marks, List<CSVRecord> rows) {
    this.file = file;
    this.marks = marks;
    this.rows = rows;
  }

  static CsvTable read(Path file) {
    CsvFile.Source source = CsvFile.Source.of(TextFiles.read(file));
    try (CSVParser parser = parser(source)) {
      List<CSVRecord> rows = new ArrayList<>(parser.getRecords());
      return new CsvTable(file, DecimalMarks.of(source.delimiter(), rows), rows);
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      throw new SpyhopException(file + ": is not a CSV file: " + CsvFile.fault(e) + ".", e);
    }
  }

  /** The first rows of what may be a CSV file. */
  static List<List<String>> head(Path file) {
    CsvFile.Source source = CsvFile.Source.of(TextFiles.head(file, HEAD, 1 << 14));
    List<List<String>> rows = new ArrayList<>();
    try (CSVParser parser = parser(source)) {
      for (CSVRecord row : parser) {
        rows.add(row.toList());
        if (rows.size() == HEAD) break;
      }
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      return rows;
    }
    return rows;
  }

  private static CSVParser parser(CsvFile.Source source) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(source.delimiter())
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .get();
    return CSVParser.parse(new StringReader(source.text()), format);
  }

  Path file() {
    return file;
  }

  List<CSVRecord> rows() {
    return rows;
  }

  double number(String text) {
    return marks.parse(text);
  }

  /** What a cell holds in place of a number, for a report; empty if it is one, or holds nothing. */
  String wrong(String name, String cell) {
    if (cell.isBlank() || !Double.isNaN(number(cell))) return "";
    return Strings.format(", %s \"%s\"", name, Strings.shorten(cell));
  }

  /** Lower-case names of the columns of a first row. */
  static Set<String> names(List<String> row) {
    Set<String> names = new java.util.LinkedHashSet<>();
    row.forEach(n -> names.add(n.strip().toLowerCase(Locale.ROOT)));
    return names;
  }

  /**
   * Columns by lower-case name, from the first row.
   *
   * @throws SpyhopException if one of those required is not there, or a name is there twice
   */
  Map<String, Integer> columns(String... required) {
    Map<String, Integer> columns = new LinkedHashMap<>();
    List<String> header = rows.isEmpty() ? List.of() : rows.get(0).toList();
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i).strip().toLowerCase(Locale.ROOT);
      if (columns.put(name, i) != null && !name.isEmpty()) {
        throw new SpyhopException(file + ": the column " + name + " is there twice. Rename one.");
      }
    }
    if (header.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s is empty: expected a header with the columns %s.",
              file, String.join(", ", required)));
    }
    if (!columns.keySet().containsAll(List.of(required))) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected the columns %s, found %s.",
              file, String.join(", ", required), String.join(", ", header)));
    }
    return columns;
  }

  /** What to call a row in a report: its line in the file. */
  static String where(CSVRecord row) {
    return "row " + row.getRecordNumber();
  }
}
