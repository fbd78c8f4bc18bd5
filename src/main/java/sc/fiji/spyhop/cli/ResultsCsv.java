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

  private final Path target;
  private final Path temporary;
  private final CSVPrinter rows;

  ResultsCsv(Path target) {
    this.target = target;
    try {
      temporary = target.resolveSibling(".results.csv." + UUID.randomUUID() + ".tmp");
      BufferedWriter writer = Files.newBufferedWriter(temporary);
      rows =
          new CSVPrinter(
              writer, CSVFormat.RFC4180.builder().setRecordSeparator("\n").setHeader(HEADER).get());
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
  }

  /** Adds the objects of an image; returns how many. */
  long add(String name, HyperstackSegmentation found) {
    Calibration c = found.image().getCalibration();
    List<String> classes = found.classes();
    long count = 0;
    try {
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
      rows.flush();
    } catch (IOException e) {
      throw Folders.cannotWrite(target, e);
    }
    return count;
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
