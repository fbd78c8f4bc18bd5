package sc.fiji.spyhop.ij;

import ij.gui.Roi;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import sc.fiji.spyhop.util.Decimals;

/**
 * Regions in the order in which they are best looked through: by the scores that a model gave them,
 * the least sure first. Those without a score, such as what a person has drawn, come last. Equal
 * ones keep their order. Where a model is more or less sure of areas, the keypoints in them are no
 * objects of their own.
 *
 * @param regions all of them, in that order
 * @param count how many at the beginning are to be looked through
 */
public record ReviewQueue(List<Roi> regions, int count) {

  /** Copies the list. */
  public ReviewQueue {
    regions = List.copyOf(regions);
  }

  /**
   * Sorts regions. None is lost: those that are not to be looked through follow the others.
   *
   * @param below score, in [0, 1], below which they are to be looked through; absent: any
   * @param max number of those to be looked through
   */
  public static ReviewQueue of(List<Roi> regions, OptionalDouble below, int max) {
    List<Roi> sorted = new ArrayList<>(objects(regions));
    boolean points = sorted.size() < regions.size();
    sorted.sort(Comparator.comparingDouble(roi -> score(roi).orElse(Double.POSITIVE_INFINITY)));
    int count = 0;
    while (count < Math.min(max, sorted.size()) && isUnsure(sorted.get(count), below)) count++;
    if (points) regions.stream().filter(ReviewQueue::isKeypoint).forEach(sorted::add);
    return new ReviewQueue(sorted, count);
  }

  private static boolean isUnsure(Roi roi, OptionalDouble below) {
    OptionalDouble score = score(roi);
    return score.isPresent() && (below.isEmpty() || score.getAsDouble() < below.getAsDouble());
  }

  /**
   * Those that stand for objects; an annotator's boxes, which are certain, say nothing of points.
   */
  public static List<Roi> objects(List<Roi> regions) {
    boolean found = regions.stream().anyMatch(r -> r.isArea() && score(r).orElse(1) < 1);
    return found ? regions.stream().filter(r -> !isKeypoint(r)).toList() : regions;
  }

  private static boolean isKeypoint(Roi roi) {
    return roi.getProperty(AnnotationRois.KEYPOINT) != null;
  }

  /** How sure a model is of a region, in [0, 1]; absent if none has said so. */
  public static OptionalDouble score(Roi roi) {
    String text = roi.getProperty(AnnotationRois.SCORE);
    double score = text == null ? Double.NaN : Decimals.parse(text);
    return score >= 0 && score <= 1 ? OptionalDouble.of(score) : OptionalDouble.empty();
  }
}
