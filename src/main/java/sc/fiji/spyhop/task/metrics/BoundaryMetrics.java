package sc.fiji.spyhop.task.metrics;

import java.util.function.IntPredicate;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * How well the outlines of classes lie, pooled over all images added: a pixel of a class that has a
 * neighbour (of 4) of another class is on its outline; it agrees if an outline of the same class of
 * the other map is at most so far away (Csurka et al. 2013, boundary F1). Pixels whose truth is
 * ignored are on no outline.
 */
public final class BoundaryMetrics {

  private final int classes;
  private final double tolerance;
  private final IntPredicate ignored;
  private final long[] predicted;
  private final long[] predictedRight;
  private final long[] truth;
  private final long[] truthFound;

  /**
   * Of no images yet.
   *
   * @param classes number of classes, labels 0 to {@code classes - 1}
   * @param tolerance distance in pixels, not negative
   * @param ignored truth values that are skipped
   */
  public BoundaryMetrics(int classes, double tolerance, IntPredicate ignored) {
    this.classes = classes;
    this.tolerance = tolerance;
    this.ignored = ignored;
    predicted = new long[classes];
    predictedRight = new long[classes];
    truth = new long[classes];
    truthFound = new long[classes];
  }

  /** Adds an image. */
  public void add(LabelMap found, LabelMap expected) {
    Sizes.requireEqual(found, expected);
    for (int c = 0; c < classes; c++) {
      boolean[] own = outline(found, expected, c);
      boolean[] right = outline(expected, expected, c);
      boolean[] nearOwn = near(own, found.width(), found.height());
      boolean[] nearRight = near(right, found.width(), found.height());
      for (int i = 0; i < own.length; i++) {
        if (own[i]) predicted[c]++;
        if (own[i] && nearRight[i]) predictedRight[c]++;
        if (right[i]) truth[c]++;
        if (right[i] && nearOwn[i]) truthFound[c]++;
      }
    }
  }

  /** Adds what another has counted, of as many classes. */
  public void add(BoundaryMetrics other) {
    for (int c = 0; c < classes; c++) {
      predicted[c] += other.predicted[c];
      predictedRight[c] += other.predictedRight[c];
      truth[c] += other.truth[c];
      truthFound[c] += other.truthFound[c];
    }
  }

  private boolean[] outline(LabelMap map, LabelMap expected, int label) {
    int w = map.width();
    int h = map.height();
    boolean[] outline = new boolean[map.size()];
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++, i++) {
        if (map.get(i) != label || ignored.test(expected.get(i))) continue;
        outline[i] =
            x > 0 && differs(map, expected, i - 1, label)
                || x < w - 1 && differs(map, expected, i + 1, label)
                || y > 0 && differs(map, expected, i - w, label)
                || y < h - 1 && differs(map, expected, i + w, label);
      }
    }
    return outline;
  }

  private boolean differs(LabelMap map, LabelMap expected, int i, int label) {
    return map.get(i) != label && !ignored.test(expected.get(i));
  }

  /** Pixels within the tolerance of one that is set. */
  private boolean[] near(boolean[] set, int w, int h) {
    int reach = (int) tolerance;
    boolean[] near = new boolean[set.length];
    for (int i = 0; i < set.length; i++) {
      if (!set[i]) continue;
      for (int dy = -reach; dy <= reach; dy++) {
        int y = i / w + dy;
        if (y < 0 || y >= h) continue;
        int half = (int) Math.floor(Math.sqrt(tolerance * tolerance - dy * dy));
        int from = Math.max(0, i % w - half);
        int to = Math.min(w - 1, i % w + half);
        for (int x = from; x <= to; x++) near[y * w + x] = true;
      }
    }
    return near;
  }

  /**
   * Harmonic mean of the share of predicted outlines that are near true ones and of true ones that
   * are near predicted ones; NaN if the class has no outline in either.
   */
  public double f1(int label) {
    if (predicted[label] + truth[label] == 0) return Double.NaN;
    if (predicted[label] == 0 || truth[label] == 0) return 0;
    double precision = (double) predictedRight[label] / predicted[label];
    double recall = (double) truthFound[label] / truth[label];
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }
}
