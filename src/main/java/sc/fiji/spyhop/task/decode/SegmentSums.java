package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.Segment;

/**
 * Running measurements of regions numbered from 1. Grows by pages that the garbage collector can
 * move.
 */
final class SegmentSums {

  private static final int BITS = 11;
  private static final int MASK = (1 << BITS) - 1;

  private static final class Page {
    final double[][] classes;
    final long[] area = new long[1 << BITS];
    final long[] x = new long[1 << BITS];
    final long[] y = new long[1 << BITS];
    final double[] probability = new double[1 << BITS];
    final double[] squares = new double[1 << BITS];
    final double[] depth = new double[1 << BITS];
    final float[] peak = new float[1 << BITS];
    final int[] left = new int[1 << BITS];
    final int[] top = new int[1 << BITS];
    final int[] right = new int[1 << BITS];
    final int[] bottom = new int[1 << BITS];

    Page(int classes) {
      this.classes = new double[classes][1 << BITS];
    }
  }

  private final int classes;
  private final List<Page> pages = new ArrayList<>();

  /**
   * @param classes how many classes regions may be of; 0 if they have none of their own
   */
  SegmentSums(int classes) {
    this.classes = classes;
  }

  /** Adds a pixel whose depth is not known. */
  void add(int region, int px, int py, double p) {
    add(region, px, py, p, 0);
  }

  /** Adds a pixel. */
  void add(int region, int px, int py, double p, float depth) {
    while (region >> BITS >= pages.size()) pages.add(new Page(classes));
    Page page = pages.get(region >> BITS);
    int i = region & MASK;
    if (page.area[i]++ == 0) {
      page.left[i] = page.right[i] = px;
      page.top[i] = page.bottom[i] = py;
      page.peak[i] = depth;
    } else {
      if (px < page.left[i]) page.left[i] = px;
      if (px > page.right[i]) page.right[i] = px;
      if (py < page.top[i]) page.top[i] = py;
      if (py > page.bottom[i]) page.bottom[i] = py;
      if (depth > page.peak[i]) page.peak[i] = depth;
    }
    page.x[i] += px;
    page.y[i] += py;
    page.probability[i] += p;
    page.squares[i] += p * p;
    page.depth[i] += depth;
  }

  /**
   * Adds the classes of a pixel of a region that has pixels.
   *
   * @param maps a probability for each class and pixel, class by class
   * @param at the pixel
   */
  void addClasses(int region, float[] maps, int at) {
    Page page = pages.get(region >> BITS);
    int plane = maps.length / classes;
    for (int c = 0; c < classes; c++) page.classes[c][region & MASK] += maps[c * plane + at];
  }

  /** Adds a region of these or other sums, which stays as it is, to a region. */
  void merge(int into, SegmentSums other, int from) {
    if (other.area(from) == 0) return;
    while (into >> BITS >= pages.size()) pages.add(new Page(classes));
    Page a = pages.get(into >> BITS);
    int i = into & MASK;
    Page b = other.pages.get(from >> BITS);
    int j = from & MASK;
    boolean first = a.area[i] == 0;
    a.left[i] = first ? b.left[j] : Math.min(a.left[i], b.left[j]);
    a.top[i] = first ? b.top[j] : Math.min(a.top[i], b.top[j]);
    a.right[i] = first ? b.right[j] : Math.max(a.right[i], b.right[j]);
    a.bottom[i] = first ? b.bottom[j] : Math.max(a.bottom[i], b.bottom[j]);
    a.peak[i] = first ? b.peak[j] : Math.max(a.peak[i], b.peak[j]);
    a.area[i] += b.area[j];
    a.x[i] += b.x[j];
    a.y[i] += b.y[j];
    a.probability[i] += b.probability[j];
    a.squares[i] += b.squares[j];
    a.depth[i] += b.depth[j];
    for (int c = 0; c < classes; c++) a.classes[c][i] += b.classes[c][j];
  }

  long area(int region) {
    return region >> BITS < pages.size() ? pages.get(region >> BITS).area[region & MASK] : 0;
  }

  /** Mean over the pixels of a region that has any. */
  double probability(int region) {
    Page page = pages.get(region >> BITS);
    int i = region & MASK;
    return Math.max(0, Math.min(1, page.probability[i] / page.area[i]));
  }

  /** What its pixels say of a region that has any, in a plane of some size. */
  ObjectEvidence evidence(int region, int width, int height) {
    Page page = pages.get(region >> BITS);
    int i = region & MASK;
    double n = page.area[i];
    double mean = page.probability[i] / n;
    double variance = Math.max(0, page.squares[i] / n - mean * mean);
    return new ObjectEvidence(
        page.area[i],
        probability(region),
        Math.sqrt(variance),
        page.depth[i] / n,
        page.peak[i],
        page.left[i] == 0
            || page.top[i] == 0
            || page.right[i] == width - 1
            || page.bottom[i] == height - 1);
  }

  /** The measurements of a region that has pixels. */
  Segment segment(int region, int label) {
    Page page = pages.get(region >> BITS);
    int i = region & MASK;
    double n = page.area[i];
    Segment segment =
        new Segment(
            label,
            page.area[i],
            page.x[i] / n + 0.5,
            page.y[i] / n + 0.5,
            probability(region),
            page.left[i],
            page.top[i],
            page.right[i] - page.left[i] + 1,
            page.bottom[i] - page.top[i] + 1);
    return classes == 0 ? segment : segment.withClasses(scores(page, i));
  }

  private ClassScores scores(Page page, int i) {
    float[] mean = new float[classes];
    for (int c = 0; c < classes; c++) {
      mean[c] = (float) Math.max(0, Math.min(1, page.classes[c][i] / page.area[i]));
    }
    return new ClassScores(mean);
  }
}
