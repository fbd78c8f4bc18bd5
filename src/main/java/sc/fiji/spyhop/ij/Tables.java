package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.measure.Calibration;
import ij.measure.ResultsTable;
import sc.fiji.spyhop.image.PixelSize;
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
}
