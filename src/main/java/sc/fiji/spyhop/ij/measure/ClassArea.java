package sc.fiji.spyhop.ij.measure;

import ij.measure.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
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

  /**
   * Of all classes in the order of their labels; of those that are nowhere, too.
   *
   * @param looked pixels that were looked at
   * @param inside those of them that are of one class or more
   * @return empty if labels number objects
   */
  public static List<ClassArea> of(HyperstackSegmentation found, long looked, long inside) {
    List<ClassArea> areas =
        of(
            found.names().classes(),
            found.frames().stream().flatMap(f -> f.segments().stream()),
            looked,
            found.image().getCalibration());
    if (!found.overlapping() || areas.isEmpty()) return areas;
    List<ClassArea> all = new ArrayList<>(areas);
    Calibration unit = found.image().getCalibration();
    long none = looked - inside;
    all.set(
        0,
        new ClassArea(
            areas.get(0).name(),
            none,
            none * unit.pixelWidth * unit.pixelHeight,
            (double) none / looked));
    return all;
  }

  /**
   * The same of what was found in parts of an image; a pixel that is in several counts for each.
   *
   * @param classes names of labels 0, 1, ...; empty if labels number objects
   * @param segments of labels from 1 on
   * @param looked pixels that were looked at
   */
  public static List<ClassArea> of(
      List<String> classes, Stream<Segment> segments, long looked, Calibration unit) {
    if (classes.isEmpty()) return List.of();
    long[] pixels = new long[classes.size()];
    pixels[0] = looked;
    segments.forEach(
        s -> {
          pixels[s.label()] += s.area();
          pixels[0] -= s.area();
        });
    double pixel = unit.pixelWidth * unit.pixelHeight;
    List<ClassArea> areas = new ArrayList<>();
    for (int label = 0; label < pixels.length; label++) {
      long n = pixels[label];
      areas.add(new ClassArea(classes.get(label), n, n * pixel, (double) n / looked));
    }
    return areas;
  }
}
