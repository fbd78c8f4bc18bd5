package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.measure.Calibration;
import ij.measure.ResultsTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.prediction.Segment;

/** Measurements as ImageJ tables. */
public final class Tables {

  private Tables() {}

  /**
   * Appends a row for each segment: image; slice and time point where there are several; number of
   * the object, or name of the class; area and centroid in the units of the image's calibration, by
   * its origin, as ImageJ measures them; mean probability.
   */
  public static void fill(ResultsTable table, HyperstackSegmentation segmentation) {
    ImagePlus image = segmentation.image();
    Calibration calibration = image.getCalibration();
    PixelSize size = Frames.pixelSize(image);
    String unit = size.unit();
    table.setNaNEmptyCells(true);
    for (SegmentedFrame frame : segmentation.frames()) {
      for (Segment s : frame.segments()) {
        table.addRow();
        table.addLabel(image.getTitle());
        if (image.getNSlices() > 1) table.addValue("Slice", frame.z());
        if (image.getNFrames() > 1) table.addValue("Frame", frame.t());
        if (segmentation.classes().isEmpty()) {
          table.addValue("Object", s.label());
        } else {
          table.addValue("Class", segmentation.className(s.label()));
        }
        table.addValue("Area (" + unit + "²)", s.area() * size.width() * size.height());
        table.addValue("X (" + unit + ")", calibration.getX(s.x()));
        table.addValue("Y (" + unit + ")", calibration.getY(s.y(), image.getHeight()));
        table.addValue("Probability", s.probability());
      }
    }
  }

  /**
   * Appends a row for each box of a plane: image; slice and time point where there are several;
   * number in the plane; class; left, top, width and height in pixels, and in units if the image is
   * calibrated (left and top by its origin); score.
   */
  public static void fillBoxes(
      ResultsTable table, ImagePlus image, int z, int t, Annotation annotation) {
    Units units = new Units(image);
    int number = 0;
    for (LocalizedObject o : annotation.objects()) {
      begin(table, image, z, t);
      table.addValue("Object", ++number);
      table.addValue("Class", o.type());
      units.place(table, o.box().x(), o.box().y());
      units.length(table, "Width", o.box().width(), units.size.width());
      units.length(table, "Height", o.box().height(), units.size.height());
      table.addValue("Score", o.score());
    }
  }

  /**
   * Appends a row for each keypoint of a plane that has a place: image; slice and time point where
   * there are several; its object, if there are several; name; place in pixels, and in units if the
   * image is calibrated; confidence.
   */
  public static void fillKeypoints(
      ResultsTable table, ImagePlus image, int z, int t, Annotation annotation) {
    Units units = new Units(image);
    int number = 0;
    for (Pose pose : annotation.poses()) {
      number++;
      String object =
          pose.object()
              .map(o -> String.valueOf(annotation.objects().indexOf(o) + 1))
              .orElse(pose.individual().isEmpty() ? String.valueOf(number) : pose.individual());
      for (Keypoint k : pose.located()) {
        begin(table, image, z, t);
        if (annotation.poses().size() > 1) table.addValue("Object", object);
        table.addValue("Keypoint", k.name());
        units.place(table, k.x(), k.y());
        table.addValue("Confidence", k.confidence());
      }
    }
  }

  /**
   * Appends a row for each line about a region: image; slice and time point where there are
   * several; the region's number where it is none of the whole slice; then the line's columns.
   *
   * @param lines for each region, lines of values by column: numbers or texts
   */
  public static void fill(
      ResultsTable table,
      ImagePlus image,
      List<Region> regions,
      List<List<Map<String, Object>>> lines) {
    for (int i = 0; i < regions.size(); i++) {
      Region region = regions.get(i);
      for (Map<String, Object> line : lines.get(i)) {
        begin(table, image, region.z(), region.t());
        if (region.roi().isPresent()) table.addValue("Region", i + 1);
        line.forEach(
            (column, value) -> {
              if (value instanceof Number n) table.addValue(column, n.doubleValue());
              else table.addValue(column, value.toString());
            });
      }
    }
  }

  /**
   * Adds a box and keypoints to the last row in the unit of an image that is calibrated, left and
   * top and points by its origin; nothing if it is not calibrated.
   */
  public static void addCalibrated(
      ResultsTable table, ImagePlus image, Optional<Box> box, List<Keypoint> points) {
    Units units = new Units(image);
    if (!units.size.isCalibrated()) return;
    String unit = " (" + units.size.unit() + ")";
    box.ifPresent(
        b -> {
          units.calibrated(table, "", b.x(), b.y());
          table.addValue("Width" + unit, b.width() * units.size.width());
          table.addValue("Height" + unit, b.height() * units.size.height());
        });
    for (Keypoint k : points) units.calibrated(table, k.name() + " ", k.x(), k.y());
  }

  /** States in a column where the rows from one on (0 is the first) were computed. */
  public static void device(ResultsTable table, int from, String device) {
    for (int row = from; row < table.size(); row++) table.setValue("Device", row, device);
  }

  /** States in a column in which scale images were shown to a model. */
  public static void scale(ResultsTable table, int from, double scale) {
    for (int row = from; row < table.size(); row++) table.setValue("Scale", row, scale);
  }

  private static void begin(ResultsTable table, ImagePlus image, int z, int t) {
    table.setNaNEmptyCells(true);
    table.addRow();
    table.addLabel(image.getTitle());
    if (image.getNSlices() > 1) table.addValue("Slice", z);
    if (image.getNFrames() > 1) table.addValue("Frame", t);
  }

  /** Lengths in pixels, and in the unit of an image that is calibrated. */
  private static final class Units {
    final PixelSize size;
    private final Calibration calibration;
    private final int height;

    Units(ImagePlus image) {
      size = Frames.pixelSize(image);
      calibration = image.getCalibration();
      height = image.getHeight();
    }

    void place(ResultsTable table, double x, double y) {
      table.addValue("X (pixel)", x);
      table.addValue("Y (pixel)", y);
      if (size.isCalibrated()) calibrated(table, "", x, y);
    }

    void calibrated(ResultsTable table, String what, double x, double y) {
      table.addValue(what + "X (" + size.unit() + ")", calibration.getX(x));
      table.addValue(what + "Y (" + size.unit() + ")", calibration.getY(y, height));
    }

    void length(ResultsTable table, String what, double pixels, double pixelSize) {
      table.addValue(what + " (pixel)", pixels);
      if (size.isCalibrated()) {
        table.addValue(what + " (" + size.unit() + ")", pixels * pixelSize);
      }
    }
  }
}
