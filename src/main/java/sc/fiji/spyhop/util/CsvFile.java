package sc.fiji.spyhop.util;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import sc.fiji.spyhop.SpyhopException;

/**
 * Tables as files: comma-separated values as in RFC 4180, in UTF-8, lines ended by a line feed. A
 * text that a spreadsheet would run as a formula, since it begins with {@code =}, {@code +}, {@code
 * -} or {@code @} and is no number, gets an apostrophe in front, which {@link #original} takes away
 * again.
 */
public final class CsvFile {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?(Infinity|NaN)?");

  private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r].*", Pattern.DOTALL);

  private static final String DELIMITERS = ",;\t";

  /** As Excel writes and understands it. */
  private static final Pattern SEPARATOR =
      Pattern.compile("\"?sep=([,;\t])\"?[ ,;\t]*\\R", Pattern.CASE_INSENSITIVE);

  /** Where the parser says it stopped. */
  private static final Pattern LINE = Pattern.compile("line:? ?([0-9]+)");

  private CsvFile() {}

  /** Takes rows one by one; the first is the header. */
  public interface Sink {
    /**
     * Takes in one row, whose cells are written as their texts.
     *
     * @throws IOException if the file cannot be written
     */
    void row(List<?> cells) throws IOException;
  }

  /** Gives the rows. */
  @FunctionalInterface
  public interface Content {
    /**
     * Gives the header, then all rows.
     *
     * @throws IOException if the file cannot be written
     */
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
          content.writeTo(row -> csv.printRecord(row.stream().map(CsvFile::harmless).toList()));
          csv.flush();
        });
  }

  /**
   * A table to be read.
   *
   * @param text without byte order mark, and without the first line by which Excel says what
   *     separates the cells, such as {@code sep=;}
   * @param delimiter that the line says, else the first of comma, semicolon and tabulator that is
   *     in the header
   */
  public record Source(String text, char delimiter) {

    /** Looks at the beginning of a file for what separates its cells. */
    public static Source of(String file) {
      String text = file.startsWith("\uFEFF") ? file.substring(1) : file;
      Matcher said = SEPARATOR.matcher(text);
      if (said.lookingAt()) {
        return new Source(text.substring(said.end()), said.group(1).charAt(0));
      }
      String header = text.lines().findFirst().orElse("");
      int delimiter =
          DELIMITERS.chars().filter(c -> header.indexOf(c) >= 0).findFirst().orElse(',');
      return new Source(text, (char) delimiter);
    }

    /** The first line of cells. */
    public String header() {
      return text.lines().findFirst().orElse("");
    }
  }

  /**
   * What is wrong with a table that cannot be read, as a clause: the parser names its own classes.
   */
  public static String fault(Exception e) {
    String said = String.valueOf(e.getMessage());
    Matcher line = LINE.matcher(said);
    return (line.find() ? "line " + line.group(1) + ": " : "")
        + "expected a closing quotation mark at the end of each cell that begins with one; those"
        + " within a cell are doubled";
  }

  private static Object harmless(Object cell) {
    return cell instanceof String text ? harmless(text) : cell;
  }

  /** A text as it stands in a table that a spreadsheet may open; numbers stay what they are. */
  public static String harmless(String text) {
    boolean isPlain = NUMBER.matcher(text).matches() || !FORMULA.matcher(text).matches();
    return isPlain ? text : "'" + text;
  }

  /** What {@link #harmless} was given; other texts stay as they are. */
  public static String original(String cell) {
    return cell.startsWith("'") && FORMULA.matcher(cell).matches() ? cell.substring(1) : cell;
  }
}
