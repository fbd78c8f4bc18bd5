package sc.fiji.spyhop.util;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import sc.fiji.spyhop.SpyhopException;

/**
 * Tables as files: comma-separated values as in RFC 4180, in UTF-8, lines ended by a line feed. A
 * text that a spreadsheet would run, such as {@code =1+1}, gets an apostrophe in front, which is
 * taken away again when Spyhop reads it.
 */
public final class CsvFile {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  /** What spreadsheets take for a formula, or what is already kept from that. */
  private static final Pattern FORMULA = Pattern.compile("'*+[=+\\-@\\t\\r]");

  private CsvFile() {}

  /** Takes rows one by one; the first is the header. */
  public interface Sink {
    void row(List<?> cells) throws IOException;
  }

  /** Gives the rows. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Sink sink) throws IOException;
  }

  /**
   * Writes or replaces a table, whole or not at all.
   *
   * @throws SpyhopException if it cannot be written; what was there before is then still there
   */
  public static void write(Path file, Content content) {
    AtomicFile.write(
        file,
        out -> {
          CSVPrinter csv =
              new CSVPrinter(
                  new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), FORMAT);
          content.writeTo(row -> csv.printRecord(row.stream().map(CsvFile::guarded).toList()));
          csv.flush();
        });
  }

  /**
   * A cell that no spreadsheet takes for a formula: text that begins like one has an apostrophe in
   * front. Numbers stay as they are.
   */
  static Object guarded(Object cell) {
    String text = String.valueOf(cell);
    boolean number = cell instanceof Number || !Double.isNaN(Decimals.parse(text));
    return !number && FORMULA.matcher(text).lookingAt() ? "'" + text : text;
  }

  /** A cell as it was before it was {@link #guarded}. */
  public static String unguarded(String cell) {
    return cell.startsWith("'") && FORMULA.matcher(cell).lookingAt() ? cell.substring(1) : cell;
  }
}
