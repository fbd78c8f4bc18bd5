package sc.fiji.spyhop.cli;

import ij.measure.Calibration;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.SegmentedFrame;
import sc.fiji.spyhop.prediction.Segment;

/**
 * One table for many images, a row for each object, written as they come and put in place at the
 * end. Area and centroid are in the units of the image's calibration.
 */
final class ResultsCsv implements AutoCloseable {

  private static final String[] HEADER = {
    "image", "slice", "frame", "label", "class", "area", "x", "y", "unit", "probability"
  };

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private final Path target;
  private final Path temporary;
  private final BufferedWriter writer;

  ResultsCsv(Path target) {
    this.target = target;
    try {
      temporary = target.resolveSibling(".results.csv." + UUID.randomUUID() + ".tmp");
      writer = Files.newBufferedWriter(temporary);
      writer.write(String.join(",", HEADER) + "\n");
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
  }

  /**
   * The part of an image.
   *
   * @param text lines of the table
   * @param count how many
   */
  record Rows(String text, long count) {

    static Rows of(String name, HyperstackSegmentation found) {
      Calibration c = found.image().getCalibration();
      List<String> classes = found.classes();
      StringBuilder text = new StringBuilder();
      long count = 0;
      try (CSVPrinter rows = new CSVPrinter(text, FORMAT)) {
        for (SegmentedFrame frame : found.frames()) {
          for (Segment s : frame.segments()) {
            rows.printRecord(
                name,
                frame.z(),
                frame.t(),
                s.label(),
                s.label() <= classes.size() ? classes.get(s.label() - 1) : "",
                number(s.area() * c.pixelWidth * c.pixelHeight),
                number(c.getX(s.x())),
                number(c.getY(s.y(), found.image().getHeight())),
                c.getUnit(),
                number(s.probability()));
            count++;
          }
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return new Rows(text.toString(), count);
    }
  }

  /** Adds the objects of an image. */
  void add(Rows rows) {
    try {
      writer.write(rows.text);
      writer.flush();
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
  }

  /** At most six significant digits, always with a decimal point. */
  private static String number(double value) {
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Puts the table in its place, with what it holds so far. */
  void finish() {
    try {
      writer.close();
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      temporary.toFile().deleteOnExit();
    }
  }
}
