package sc.fiji.spyhop.ij.measure;

import ij.measure.Calibration;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.SegmentedFrame;
import sc.fiji.spyhop.prediction.Segment;

/**
 * How much of an image a class of pixels covers, in all slices and time points together.
 *
 * @param name of the class
 * @param pixels of the class, among those that were looked at
 * @param area of these pixels, in the squared unit of the image
 * @param share of the pixels that were looked at, from 0 to 1; NaN if there were none
 */
public record ClassArea(String name, long pixels, double area, double share) {

  /** What label 0 is called. */
  public static final String BACKGROUND = "background";

  /**
   * Of all classes in the order of their labels, the background first; of those that are nowhere,
   * too.
   *
   * @param looked pixels that were looked at
   * @return empty if labels number objects
   */
  public static List<ClassArea> of(HyperstackSegmentation found, long looked) {
    if (found.classes().isEmpty()) return List.of();
    long[] pixels = new long[found.classes().size() + 1];
    pixels[0] = looked;
    for (SegmentedFrame frame : found.frames()) {
      for (Segment s : frame.segments()) {
        pixels[s.label()] += s.area();
        pixels[0] -= s.area();
      }
    }
    Calibration unit = found.image().getCalibration();
    double pixel = unit.pixelWidth * unit.pixelHeight;
    List<ClassArea> areas = new ArrayList<>();
    for (int label = 0; label < pixels.length; label++) {
      String name = label == 0 ? BACKGROUND : found.classes().get(label - 1);
      long n = pixels[label];
      areas.add(new ClassArea(name, n, n * pixel, (double) n / looked));
    }
    return areas;
  }
}
