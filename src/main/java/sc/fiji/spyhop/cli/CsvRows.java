package sc.fiji.spyhop.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A table for many images, written as they come and put in place at the end. */
final class CsvRows implements AutoCloseable {

  private final Path target;
  private final Path temporary;
  private final CSVPrinter rows;

  CsvRows(Path target, String... header) {
    this.target = target;
    try {
      temporary =
          target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
      BufferedWriter writer = Files.newBufferedWriter(temporary);
      rows =
          new CSVPrinter(
              writer, CSVFormat.RFC4180.builder().setRecordSeparator("\n").setHeader(header).get());
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
  }

  void add(Object... cells) {
    try {
      rows.printRecord(cells);
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
  }

  /** At most six significant digits, always with a decimal point. */
  static String number(double value) {
    return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  /** Puts the table in its place, with what it holds so far. */
  void finish() {
    try {
      rows.close();
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
  }

  @Override
  public void close() {
    try {
      rows.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      temporary.toFile().deleteOnExit();
    }
  }
}
