package sc.fiji.spyhop.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.DecimalMarks;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Unicode;

/**
 * A table that says what the images of a data set are, such as {@code index.csv}: CSV with a
 * header, comma, semicolon or tabulator, with or without byte order mark, names of columns in
 * whatever case.
 *
 * @param columns names as in the header
 * @param rows as many texts as there are columns, blanks around them removed
 * @param marks what stands before decimals
 */
public record IndexTable(
    Path file, List<String> columns, List<List<String>> rows, DecimalMarks marks) {

  private static final long LARGEST = 256L << 20;
  private static final int LONGEST_HEADER = 1 << 16;

  /**
   * Reads a file.
   *
   * @throws SpyhopException if it is missing, not text, or a row has more or fewer cells than the
   *     header
   */
  public static IndexTable read(Path file) {
    String text;
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new SpyhopException(
            file + ": expected a CSV file, received a folder, pipe or device. Name a file.");
      }
      if (Files.exists(file) && Files.size(file) > LARGEST) {
        throw new SpyhopException(
            file
                + ": expected a table of at most 256 MB, received "
                + Files.size(file)
                + " bytes.");
      }
      text = Unicode.text(Files.readAllBytes(file));
    } catch (CharacterCodingException e) {
      throw new SpyhopException(
          file
              + ": expected text in UTF-8, or in UTF-16 with a byte order mark, found another"
              + " encoding. Save it in that one (in Excel: Save As, CSV UTF-8).",
          e);
    } catch (IOException e) {
      throw new SpyhopException(
          file
              + (Files.exists(file)
                  ? " cannot be read: " + AtomicFile.reason(e) + "."
                  : ": there is no such file. Expected a CSV file with a header."),
          e);
    }
    CsvFile.Source source = CsvFile.Source.of(text);
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(source.delimiter())
            .setIgnoreSurroundingSpaces(true)
            .setTrim(true)
            .get();
    List<List<String>> rows = new ArrayList<>();
    try (CSVParser csv = CSVParser.parse(new StringReader(source.text()), format)) {
      for (CSVRecord row : csv)
        rows.add(row.stream().map(CsvFile::original).map(Strings::visible).toList());
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new SpyhopException(file + " is not a CSV file: " + CsvFile.fault(e) + ".", e);
    }
    if (rows.isEmpty())
      throw new SpyhopException(
          file + " is empty: expected a header with the names of its columns.");
    List<String> columns = rows.remove(0);
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).size() != columns.size()) {
        throw new SpyhopException(
            Strings.format(
                "%s, row %d: expected %d columns, received %d.",
                file, i + 2, columns.size(), rows.get(i).size()));
      }
    }
    return new IndexTable(file, columns, rows, DecimalMarks.of(source.delimiter(), rows));
  }

  /** The names of the columns of a table of whatever kind; none if there is no such file. */
  static List<String> header(Path file) {
    if (!Files.isRegularFile(file)) return List.of();
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(LONGEST_HEADER), StandardCharsets.UTF_8);
      CsvFile.Source source = CsvFile.Source.of(start);
      return Stream.of(source.header().split(String.valueOf(source.delimiter())))
          .map(c -> c.replace("\"", "").strip())
          .toList();
    } catch (IOException e) {
      throw new SpyhopException(file + " cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  /** Position of the first of these columns that is there; case does not matter. */
  public Optional<Integer> column(String... names) {
    for (String name : names) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).equalsIgnoreCase(name)) return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /**
   * Position of a column that has to be there.
   *
   * @throws SpyhopException if it is not
   */
  public int require(String... names) {
    return column(names)
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "%s has the columns %s: expected one named %s.",
                        file, String.join(", ", columns), String.join(" or ", names))));
  }

  /**
   * The rows of a subset.
   *
   * @param subset absent: all rows
   * @throws SpyhopException if there is no column {@code subset}, or no such subset in it
   */
  IndexTable only(Optional<String> subset) {
    if (subset.isEmpty()) return this;
    int column = require("subset");
    List<List<String>> kept =
        rows.stream().filter(r -> r.get(column).equals(subset.get())).toList();
    if (kept.isEmpty()) {
      List<String> known =
          rows.stream()
              .map(r -> r.get(column))
              .filter(s -> !s.isEmpty())
              .distinct()
              .sorted()
              .toList();
      throw new SpyhopException(
          Strings.format(
              "%s: no subset \"%s\", expected one of %s.",
              file, subset.get(), String.join(", ", known)));
    }
    return new IndexTable(file, columns, kept, marks);
  }

  /** Whether a table is there and has just these columns. */
  public static boolean has(Path file, List<String> columns) {
    return Files.exists(file) && IndexTable.read(file).columns().equals(columns);
  }

  /** The first column, which names what the rows are about; empty if there is no table. */
  public static List<String> names(Path file) {
    if (!Files.exists(file)) return List.of();
    return IndexTable.read(file).rows().stream().map(r -> r.get(0)).toList();
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
      IndexTable.read(file).rows().forEach(r -> all.put(r.get(0), r));
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
