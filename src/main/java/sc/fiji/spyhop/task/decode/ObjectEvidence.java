package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * What a network's outputs say for and against an object that was found in them.
 *
 * @param area in pixels, positive
 * @param probability mean over its pixels of the probability of belonging to an object, in [0, 1]
 * @param deviation standard deviation of that probability
 * @param depth mean over its pixels of the depth
 * @param peak largest depth
 * @param cut whether it touches the border of the image, so that its size is not known
 */
public record ObjectEvidence(
    double area, double probability, double deviation, double depth, double peak, boolean cut) {

  /** Diameter of the circle of its area, in pixels. */
  public double diameter() {
    return Diameters.ofArea(area);
  }

  /** Of the same object where it is larger by a factor. */
  public ObjectEvidence enlarged(double factor) {
    return new ObjectEvidence(area * factor * factor, probability, deviation, depth, peak, cut);
  }

  /**
   * The evidence for each object of an undivided plane.
   *
   * @param probability of belonging to an object, row by row
   * @param depth row by row
   * @return in the order of their labels, those without pixels left out
   */
  public static List<ObjectEvidence> of(LabelMap labels, float[] probability, float[] depth) {
    SegmentSums sums = new SegmentSums(0);
    int max = 0;
    for (int y = 0, i = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++, i++) {
        int label = labels.get(i);
        if (label == 0) continue;
        sums.add(label, x, y, probability[i], depth[i]);
        max = Math.max(max, label);
      }
    }
    List<ObjectEvidence> evidence = new ArrayList<>();
    for (int label = 1; label <= max; label++) {
      if (sums.area(label) > 0) {
        evidence.add(sums.evidence(label, labels.width(), labels.height()));
      }
    }
    return evidence;
  }
}
