package sc.fiji.spyhop.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Stitches objects across tiles. Every tile is taken apart on its own, with the overlap around it
 * in view; a pixel's label comes from the tile whose core holds it. Two labels of neighbouring
 * tiles are one object if, where both tiles had a good view (half the overlap around the seam),
 * each shares more pixels with the other than with anything else, and that is at least half of the
 * smaller one. An object that is complete in both tiles is the same set of pixels in both, so it is
 * joined as it would have been in one piece; one that is larger is joined by the part that both
 * see.
 *
 * <p>Tiles are kept as runs of labels, some hundred times smaller than the plane; the label map is
 * made at the end, when it is known whether 16 bits will do.
 */
final class ObjectAssembler implements Assembler {

  private final int width;
  private final int height;
  private final int minArea;
  private final List<Head> heads;
  private final Function<List<Tensor>, int[]> decoder;
  private final List<Part> parts = new ArrayList<>();
  private final SegmentSums sums = new SegmentSums(1024);
  private final DisjointSets sets = new DisjointSets();

  /**
   * @param minArea objects of fewer pixels are dropped, after stitching
   * @param heads of the network; the first gives the probability that a pixel belongs to an object
   * @param decoder takes a region apart: gives labels, 0 for background, 1, 2 ... for objects
   */
  ObjectAssembler(
      int width, int height, int minArea, List<Head> heads, Function<List<Tensor>, int[]> decoder) {
    this.width = width;
    this.height = height;
    this.minArea = Math.max(1, minArea);
    this.heads = heads;
    this.decoder = decoder;
  }

  @Override
  public void add(Tile tile, List<Tensor> outputs) {
    Outputs.check(heads, tile, outputs);
    int[] labels = decoder.apply(outputs);
    measure(tile, labels, outputs.get(0).data());
    Part part = Part.of(tile, labels);
    for (Part other : parts) link(other, part);
    parts.add(part);
  }

  /** Gives labels their numbers in the plane, and measures what lies in the core. */
  private void measure(Tile tile, int[] labels, float[] probability) {
    int n = 0;
    for (int label : labels) n = Math.max(n, label);
    int first = sets.extend(n);
    for (int i = 0; i < labels.length; i++) if (labels[i] != 0) labels[i] += first - 1;
    int w = tile.regionWidth();
    for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
      int i = (y - tile.regionY()) * w + tile.x() - tile.regionX();
      for (int x = tile.x(); x < tile.x() + tile.width(); x++, i++) {
        if (labels[i] != 0) sums.add(labels[i], x, y, probability[i]);
      }
    }
  }

  private record Pair(int a, int b, int both) {}

  private void link(Part p, Part q) {
    int left = Math.max(p.left, q.left);
    int right = Math.min(p.right, q.right);
    int top = Math.max(p.top, q.top);
    int bottom = Math.min(p.bottom, q.bottom);
    if (left >= right || top >= bottom) return;
    Map<Long, Integer> both = new HashMap<>();
    Map<Integer, Integer> area = new HashMap<>();
    for (int y = top; y < bottom; y++) {
      countRow(p, y, left, right, area);
      countRow(q, y, left, right, area);
      sharedRow(p, q, y, left, right, both);
    }
    Map<Integer, Pair> best = new HashMap<>();
    List<Pair> pairs = new ArrayList<>();
    both.forEach((key, n) -> pairs.add(new Pair((int) (key >> 32), (int) (long) key, n)));
    pairs.sort(Comparator.comparingInt(Pair::a).thenComparingInt(Pair::b));
    for (Pair pair : pairs) {
      best.merge(pair.a, pair, ObjectAssembler::better);
      best.merge(pair.b, pair, ObjectAssembler::better);
    }
    for (Pair pair : pairs) {
      if (best.get(pair.a) == pair
          && best.get(pair.b) == pair
          && 2 * pair.both >= Math.min(area.get(pair.a), area.get(pair.b))) {
        sets.join(pair.a, pair.b);
      }
    }
  }

  private static Pair better(Pair old, Pair candidate) {
    return candidate.both > old.both ? candidate : old;
  }

  private void countRow(Part p, int y, int left, int right, Map<Integer, Integer> area) {
    for (int k = p.rows[y - p.top]; k < p.rows[y - p.top + 1]; k += 3) {
      int n = Math.min(right, p.runs[k + 1]) - Math.max(left, p.runs[k]);
      if (n > 0) area.merge(p.runs[k + 2], n, Integer::sum);
    }
  }

  private void sharedRow(Part p, Part q, int y, int left, int right, Map<Long, Integer> both) {
    int i = p.rows[y - p.top];
    int j = q.rows[y - q.top];
    int iEnd = p.rows[y - p.top + 1];
    int jEnd = q.rows[y - q.top + 1];
    while (i < iEnd && j < jEnd) {
      int from = Math.max(left, Math.max(p.runs[i], q.runs[j]));
      int to = Math.min(right, Math.min(p.runs[i + 1], q.runs[j + 1]));
      int a = p.runs[i + 2];
      int b = q.runs[j + 2];
      if (to > from && sums.area(a) > 0 && sums.area(b) > 0) {
        both.merge((long) a << 32 | b, to - from, Integer::sum);
      }
      if (p.runs[i + 1] <= q.runs[j + 1]) {
        i += 3;
      } else {
        j += 3;
      }
    }
  }

  @Override
  public Segmentation finish() {
    int n = sets.size();
    int kept = 0;
    for (int id = 1; id < n; id++) {
      int root = sets.root(id);
      if (root != id) sums.merge(root, id);
    }
    for (int id = 1; id < n; id++) if (sets.root(id) == id && sums.area(id) >= minArea) kept++;
    if (kept > LabelMap.MAX_LABEL) {
      throw new SpyhopException(
          "Expected at most "
              + LabelMap.MAX_LABEL
              + " objects in a plane, found "
              + kept
              + ". Segment it in several parts, or raise the least area of an object.");
    }
    LabelMap map = LabelMap.sized(width, height, kept);
    int[] number = new int[n];
    List<Segment> segments = new ArrayList<>(kept);
    parts.sort(Comparator.comparingInt((Part p) -> p.tile.y()).thenComparingInt(p -> p.tile.x()));
    List<Part> active = new ArrayList<>();
    int next = 0;
    for (int y = 0; y < height; y++) {
      int row = y;
      active.removeIf(p -> p.tile.y() + p.tile.height() <= row);
      while (next < parts.size() && parts.get(next).tile.y() <= y) active.add(parts.get(next++));
      active.sort(Comparator.comparingInt(p -> p.tile.x()));
      for (Part p : active) paint(p, y, map, number, segments);
    }
    return new Segmentation(map, segments);
  }

  private void paint(Part p, int y, LabelMap map, int[] number, List<Segment> segments) {
    int coreLeft = p.tile.x();
    int coreRight = coreLeft + p.tile.width();
    for (int k = p.rows[y - p.top]; k < p.rows[y - p.top + 1]; k += 3) {
      int from = Math.max(coreLeft, p.runs[k]);
      int to = Math.min(coreRight, p.runs[k + 1]);
      if (from >= to) continue;
      int root = sets.root(p.runs[k + 2]);
      if (sums.area(root) < minArea) continue;
      if (number[root] == 0) {
        number[root] = segments.size() + 1;
        segments.add(sums.segment(root, number[root]));
      }
      for (int x = from; x < to; x++) map.set(x, y, number[root]);
    }
  }

  /**
   * Labels of a tile's core and half the overlap around it, as runs of three numbers: first column,
   * column after the last, label.
   */
  private record Part(Tile tile, int left, int top, int right, int bottom, int[] rows, int[] runs) {

    static Part of(Tile tile, int[] labels) {
      int w = tile.regionWidth();
      int endX = tile.x() + tile.width();
      int endY = tile.y() + tile.height();
      int left = tile.x() - (tile.x() - tile.regionX()) / 2;
      int top = tile.y() - (tile.y() - tile.regionY()) / 2;
      int right = endX + (tile.regionX() + w - endX) / 2;
      int bottom = endY + (tile.regionY() + tile.regionHeight() - endY) / 2;
      int[] rows = new int[bottom - top + 1];
      int[] runs = new int[4096];
      int n = 0;
      for (int y = top; y < bottom; y++) {
        int offset = (y - tile.regionY()) * w - tile.regionX();
        for (int x = left; x < right; ) {
          int label = labels[offset + x];
          int start = x;
          while (++x < right && labels[offset + x] == label) {}
          if (label == 0) continue;
          if (n + 3 > runs.length) runs = Arrays.copyOf(runs, 2 * runs.length);
          runs[n++] = start;
          runs[n++] = x;
          runs[n++] = label;
        }
        rows[y - top + 1] = n;
      }
      return new Part(tile, left, top, right, bottom, rows, Arrays.copyOf(runs, n));
    }
  }

  /** Union-find over 1, 2 ...; the root is the lowest number of a set. */
  private static final class DisjointSets {

    private int[] parent = new int[1024];
    private int size = 1;

    /** Adds single numbers and returns the first of them. */
    int extend(int n) {
      int first = size;
      size = Math.addExact(size, n);
      if (size > parent.length) {
        parent = Arrays.copyOf(parent, Math.max(size, parent.length + parent.length / 2));
      }
      for (int i = first; i < size; i++) parent[i] = i;
      return first;
    }

    int size() {
      return size;
    }

    int root(int i) {
      while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
      }
      return i;
    }

    void join(int a, int b) {
      int ra = root(a);
      int rb = root(b);
      if (ra < rb) {
        parent[rb] = ra;
      } else {
        parent[ra] = rb;
      }
    }
  }
}
