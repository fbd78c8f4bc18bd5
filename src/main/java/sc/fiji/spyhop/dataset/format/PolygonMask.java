package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;

/**
 * The pixels whose centres lie within polygons: within each by the even-odd rule, in any of
 * several. What reaches beyond the image is cut off.
 */
final class PolygonMask {

  /** Crossings of columns that one object may have; beyond, it is no outline but an attack. */
  private static final long MAX_CROSSINGS = 1 << 24;

  private record Edge(double x, double y, double slope, int first, int last) {
    double at(int column) {
      return y + (column + 0.5 - x) * slope;
    }
  }

  private PolygonMask() {}

  /**
   * Fills polygons.
   *
   * @param polygons x and y of the corners in turn, pixels
   * @return empty if no pixel is within, or a number is not finite, or the outline is too intricate
   */
  static Optional<Mask> of(List<double[]> polygons, ImageSize size) {
    if (!Mask.fits(size)) return Optional.empty();
    Mask.Builder mask = new Mask.Builder(size);
    long crossings = 0;
    for (double[] polygon : polygons) {
      if (!Arrays.stream(polygon).allMatch(Double::isFinite)) return Optional.empty();
      List<Edge> edges = edges(polygon, size.width());
      for (Edge e : edges) crossings += e.last - e.first + 1;
      if (crossings > MAX_CROSSINGS) return Optional.empty();
      fill(edges, mask);
    }
    return Optional.of(mask.build()).filter(m -> !m.isEmpty());
  }

  /**
   * Adds the object that a polygon outlines: the pixels within, and the box around the corners.
   *
   * @param corners x and y in turn, in the image that the annotation was made on
   */
  static Optional<LocalizedObject> add(
      Path file,
      String where,
      String type,
      double[] corners,
      double score,
      AnnotationBuilder into) {
    double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (int i = 0; i < corners.length; i++) {
      low[i % 2] = Math.min(low[i % 2], corners[i]);
      high[i % 2] = Math.max(high[i % 2], corners[i]);
    }
    Optional<Mask> mask = of(List.of(into.placement().polygon(corners)), into.size());
    return into.box(
        file, where, type, low[0], low[1], high[0] - low[0], high[1] - low[1], score, mask);
  }

  /** Those that cross the centre line of a column of the image, by the first. */
  private static List<Edge> edges(double[] corners, int width) {
    List<Edge> edges = new ArrayList<>();
    int n = corners.length / 2;
    for (int i = 0; i < n; i++) {
      int j = (i + 1) % n;
      boolean forward = corners[2 * i] <= corners[2 * j];
      int a = forward ? 2 * i : 2 * j;
      int b = forward ? 2 * j : 2 * i;
      double left = corners[a];
      double right = corners[b];
      // half open, so that a corner on a centre line counts once
      double first = Math.max(0, Math.ceil(left - 0.5));
      double last = Math.min(width, Math.ceil(right - 0.5)) - 1;
      if (last < first) continue;
      double slope = (corners[b + 1] - corners[a + 1]) / (right - left);
      edges.add(new Edge(left, corners[a + 1], slope, (int) first, (int) last));
    }
    edges.sort(Comparator.comparingInt(Edge::first));
    return edges;
  }

  private static void fill(List<Edge> edges, Mask.Builder mask) {
    List<Edge> active = new ArrayList<>();
    int next = 0;
    int column = 0;
    while (next < edges.size() || !active.isEmpty()) {
      if (active.isEmpty()) column = edges.get(next).first;
      while (next < edges.size() && edges.get(next).first == column) active.add(edges.get(next++));
      int x = column;
      double[] y = active.stream().mapToDouble(e -> e.at(x)).sorted().toArray();
      for (int i = 0; i + 1 < y.length; i += 2) {
        mask.column(x, Math.ceil(y[i] - 0.5), Math.ceil(y[i + 1] - 0.5));
      }
      active.removeIf(e -> e.last == x);
      column++;
    }
  }
}
