package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
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
 * <p>Tiles are kept as packed runs of labels, far smaller than the plane; the label map is made at
 * the end, when it is known whether 16 bits will do.
 */
public final class ObjectAssembler implements Assembler<Segmentation> {

  private final int width;
  private final int height;
  private final int minArea;
  private final double minProbability;
  private final ObjectScoring scoring;
  private final double minScore;
  private final List<Head> heads;
  private final Function<List<Tensor>, int[]> decoder;
  private final List<Part> parts = new ArrayList<>();
  private final OptionalInt classes;
  private final SegmentSums sums;
  private final DisjointSets sets = new DisjointSets();

  /**
   * Begins with an image without objects.
   *
   * @param minArea objects of fewer pixels are dropped, after stitching
   * @param minProbability objects of lower mean probability are dropped, after stitching
   * @param scoring tells the scores of objects, if it is known
   * @param minScore objects of a lower score are dropped, where scores are known
   * @param heads of the network; the first gives the probability that a pixel belongs to an object
   * @param classes position of the head that gives the probability of each class of objects, if
   *     there is one
   * @param decoder takes a region apart: gives labels, 0 for background, 1, 2 ... for objects
   */
  public ObjectAssembler(
      int width,
      int height,
      int minArea,
      double minProbability,
      ObjectScoring scoring,
      double minScore,
      List<Head> heads,
      OptionalInt classes,
      Function<List<Tensor>, int[]> decoder) {
    this.width = width;
    this.height = height;
    this.minArea = Math.max(1, minArea);
    this.minProbability = minProbability;
    this.scoring = scoring;
    this.minScore = minScore;
    this.heads = heads;
    this.classes = classes;
    this.sums = sums();
    this.decoder = decoder;
  }

  @Override
  public Runnable prepare(Tile tile, List<Tensor> outputs) {
    Outputs.check(heads, tile, outputs);
    int[] labels = decoder.apply(outputs);
    int largest = 0;
    for (int label : labels) largest = Math.max(largest, label);
    int n = largest;
    SegmentSums found = measure(tile, labels, outputs);
    Runs runs = pack(tile, labels);
    return () -> add(tile, n, found, runs);
  }

  private SegmentSums sums() {
    return new SegmentSums(classes.isPresent() ? heads.get(classes.getAsInt()).channels() : 0);
  }

  /** Measures what lies in the core. */
  private SegmentSums measure(Tile tile, int[] labels, List<Tensor> outputs) {
    float[] probability = outputs.get(0).data();
    float[] depth = outputs.get(1).data();
    float[] maps = classes.isPresent() ? outputs.get(classes.getAsInt()).data() : new float[0];
    SegmentSums found = sums();
    int w = tile.regionWidth();
    for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
      int i = (y - tile.regionY()) * w + tile.x() - tile.regionX();
      for (int x = tile.x(); x < tile.x() + tile.width(); x++, i++) {
        if (labels[i] == 0) continue;
        found.add(labels[i], x, y, probability[i], depth[i]);
        if (classes.isPresent()) found.addClasses(labels[i], maps, i);
      }
    }
    return found;
  }

  /** The labels of the core and half the overlap around it. */
  private static Runs pack(Tile tile, int[] labels) {
    int endX = tile.x() + tile.width();
    int endY = tile.y() + tile.height();
    return new Runs(
        labels,
        tile.regionX(),
        tile.regionY(),
        tile.regionWidth(),
        tile.x() - (tile.x() - tile.regionX()) / 2,
        tile.y() - (tile.y() - tile.regionY()) / 2,
        endX + (tile.regionX() + tile.regionWidth() - endX) / 2,
        endY + (tile.regionY() + tile.regionHeight() - endY) / 2);
  }

  /** Gives the labels 1 to n of a tile their numbers in the plane. */
  private void add(Tile tile, int n, SegmentSums found, Runs runs) {
    int before = sets.extend(n) - 1;
    for (int label = 1; label <= n; label++) sums.merge(before + label, found, label);
    Part part = new Part(tile, runs, before);
    for (Part other : parts) link(other, part);
    parts.add(part);
  }

  private record Pair(int a, int b, int both) {}

  private void link(Part p, Part q) {
    int left = Math.max(p.runs.left, q.runs.left);
    int right = Math.min(p.runs.right, q.runs.right);
    int top = Math.max(p.runs.top, q.runs.top);
    int bottom = Math.min(p.runs.bottom, q.runs.bottom);
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

  private static void countRow(Part p, int y, int left, int right, Map<Integer, Integer> area) {
    for (Runs.Cursor run = p.row(y); run.next(); ) {
      int n = Math.min(right, run.end) - Math.max(left, run.start);
      if (n > 0) area.merge(run.label, n, Integer::sum);
    }
  }

  /** Counts common pixels of labels that have pixels in the cores of their tiles. */
  private void sharedRow(Part p, Part q, int y, int left, int right, Map<Long, Integer> both) {
    Runs.Cursor a = p.row(y);
    Runs.Cursor b = q.row(y);
    boolean more = a.next() && b.next();
    while (more) {
      int from = Math.max(left, Math.max(a.start, b.start));
      int to = Math.min(right, Math.min(a.end, b.end));
      if (to > from && sums.area(a.label) > 0 && sums.area(b.label) > 0) {
        both.merge((long) a.label << 32 | b.label, to - from, Integer::sum);
      }
      more = a.end <= b.end ? a.next() : b.next();
    }
  }

  @Override
  public Segmentation finish() {
    int n = sets.size();
    int kept = 0;
    for (int id = 1; id < n; id++) {
      int root = sets.root(id);
      if (root != id) sums.merge(root, sums, id);
    }
    for (int id = 1; id < n; id++) if (sets.root(id) == id && isKept(id)) kept++;
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

  private boolean isKept(int root) {
    if (sums.area(root) < minArea || sums.probability(root) < minProbability) return false;
    if (minScore <= 0) return true;
    OptionalDouble score = scoring.score(sums.evidence(root, width, height));
    return score.isEmpty() || score.getAsDouble() >= minScore;
  }

  private void paint(Part p, int y, LabelMap map, int[] number, List<Segment> segments) {
    int coreLeft = p.tile.x();
    int coreRight = coreLeft + p.tile.width();
    for (Runs.Cursor run = p.row(y); run.next(); ) {
      int from = Math.max(coreLeft, run.start);
      int to = Math.min(coreRight, run.end);
      if (from >= to) continue;
      int root = sets.root(run.label);
      if (!isKept(root)) continue;
      if (number[root] == 0) {
        number[root] = segments.size() + 1;
        segments.add(
            sums.segment(root, number[root])
                .withScore(scoring.score(sums.evidence(root, width, height))));
      }
      for (int x = from; x < to; x++) map.set(x, y, number[root]);
    }
  }

  /**
   * A tile.
   *
   * @param before what to add to its labels for their numbers in the plane
   */
  private record Part(Tile tile, Runs runs, int before) {

    Runs.Cursor row(int y) {
      return runs.row(y, before);
    }
  }
}
