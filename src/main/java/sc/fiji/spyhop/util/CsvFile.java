package sc.fiji.spyhop.util;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import sc.fiji.spyhop.SpyhopException;

/** Tables as files: comma-separated values as in RFC 4180, in UTF-8, lines ended by a line feed. */
public final class CsvFile {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

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
          content.writeTo(csv::printRecord);
          csv.flush();
        });
  }
}
