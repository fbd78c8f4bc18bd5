package sc.fiji.spyhop.prediction;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * How large objects are: diameters of circles of their area, in pixels. Of one whose box alone is
 * known, that is the area of the ellipse which fills it.
 *
 * @param sorted smallest first
 */
public record Diameters(double[] sorted) {

  /** Copies and sorts. */
  public Diameters {
    sorted = sorted.clone();
    Arrays.sort(sorted);
  }

  /** The diameter of a circle of some area. */
  public static double ofArea(double pixels) {
    return 2 * Math.sqrt(pixels / Math.PI);
  }

  /** The diameter of what fills a box. */
  public static double ofBox(Box box) {
    return Math.sqrt(box.width() * box.height());
  }

  /** Of objects in boxes. */
  public static Diameters ofBoxes(Stream<Box> boxes) {
    return new Diameters(boxes.mapToDouble(Diameters::ofBox).toArray());
  }

  /**
   * Of the objects of a label map, one for each label.
   *
   * @param ignored labels that are no objects, besides 0
   */
  public static Diameters of(LabelMap labels, IntPredicate ignored) {
    int[] area = new int[256];
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      if (label >= area.length) area = Arrays.copyOf(area, Math.max(label + 1, 2 * area.length));
      area[label]++;
    }
    area[0] = 0;
    double[] found = new double[area.length];
    int n = 0;
    for (int label = 1; label < area.length; label++) {
      if (area[label] > 0 && !ignored.test(label)) found[n++] = ofArea(area[label]);
    }
    return new Diameters(Arrays.copyOf(found, n));
  }

  /**
   * The diameter that a share of the objects stays below.
   *
   * @param share in [0, 1]; 0.5: the median
   * @return absent if there are no objects
   */
  public OptionalDouble quantile(double share) {
    if (sorted.length == 0) return OptionalDouble.empty();
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return OptionalDouble.of(sorted[below] + (at - below) * (sorted[above] - sorted[below]));
  }

  /** Half of the objects are smaller; absent if there are none. */
  public OptionalDouble median() {
    return quantile(0.5);
  }
}
