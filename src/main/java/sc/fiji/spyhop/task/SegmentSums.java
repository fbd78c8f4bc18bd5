package sc.fiji.spyhop.task;

import java.util.Arrays;
import sc.fiji.spyhop.prediction.Segment;

/** Running measurements of regions by number, 1 to n; grows as numbers do. */
final class SegmentSums {

  private long[] area;
  private long[] x;
  private long[] y;
  private double[] probability;
  private int[] left;
  private int[] top;
  private int[] right;
  private int[] bottom;

  SegmentSums(int n) {
    area = new long[n + 1];
    x = new long[n + 1];
    y = new long[n + 1];
    probability = new double[n + 1];
    left = new int[n + 1];
    top = new int[n + 1];
    right = new int[n + 1];
    bottom = new int[n + 1];
  }

  /** Adds a pixel. */
  void add(int region, int px, int py, double p) {
    if (region >= area.length) grow(region);
    if (area[region]++ == 0) {
      left[region] = right[region] = px;
      top[region] = bottom[region] = py;
    } else {
      if (px < left[region]) left[region] = px;
      if (px > right[region]) right[region] = px;
      if (py < top[region]) top[region] = py;
      if (py > bottom[region]) bottom[region] = py;
    }
    x[region] += px;
    y[region] += py;
    probability[region] += p;
  }

  /** Adds another region of this object to a region, which is to include it. */
  void merge(int into, int from) {
    if (area[from] == 0) return;
    if (area[into] == 0) {
      left[into] = left[from];
      top[into] = top[from];
      right[into] = right[from];
      bottom[into] = bottom[from];
    } else {
      left[into] = Math.min(left[into], left[from]);
      top[into] = Math.min(top[into], top[from]);
      right[into] = Math.max(right[into], right[from]);
      bottom[into] = Math.max(bottom[into], bottom[from]);
    }
    area[into] += area[from];
    x[into] += x[from];
    y[into] += y[from];
    probability[into] += probability[from];
  }

  long area(int region) {
    return region < area.length ? area[region] : 0;
  }

  /** The measurements of a region that has pixels. */
  Segment segment(int region, int label) {
    double n = area[region];
    return new Segment(
        label,
        area[region],
        x[region] / n + 0.5,
        y[region] / n + 0.5,
        Math.max(0, Math.min(1, probability[region] / n)),
        left[region],
        top[region],
        right[region] - left[region] + 1,
        bottom[region] - top[region] + 1);
  }

  private void grow(int region) {
    int n = Math.max(region + 1, area.length + area.length / 2 + 16);
    area = Arrays.copyOf(area, n);
    x = Arrays.copyOf(x, n);
    y = Arrays.copyOf(y, n);
    probability = Arrays.copyOf(probability, n);
    left = Arrays.copyOf(left, n);
    top = Arrays.copyOf(top, n);
    right = Arrays.copyOf(right, n);
    bottom = Arrays.copyOf(bottom, n);
  }
}
