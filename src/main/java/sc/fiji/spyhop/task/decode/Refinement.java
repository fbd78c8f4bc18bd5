package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;

/**
 * What becomes of objects that have been found.
 *
 * @param smallest area in pixels below which they are left out
 * @param largest area in pixels above which they are left out
 * @param fill whether holes are filled that lie in one object alone
 * @param drop whether those that touch the border of the image are left out
 */
public record Refinement(double smallest, double largest, boolean fill, boolean drop) {

  /** All objects as they are. */
  public static final Refinement NONE = new Refinement(0, Double.POSITIVE_INFINITY, false, false);

  /** Whether objects stay as they are. */
  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * What is left of them. Holes are filled before areas are compared.
   *
   * @param names of the regions; labels of classes are kept, objects are numbered anew in their
   *     order, and those of a class that is not looked for are left out
   */
  public Segmentation of(Segmentation found, RegionNames names) {
    if (isNone()) return found.only(names);
    if (found.overlapping()) return found.eachLayer(layer -> of(layer, names));
    boolean classes = names.areClasses();
    LabelMap labels = found.labels();
    int max = found.segments().stream().mapToInt(Segment::label).max().orElse(0);
    int[] filled = fill ? filled(labels) : new int[0];
    Sum[] sums = new Sum[max + 1];
    for (int i = 0; i <= max; i++) sums[i] = new Sum();
    int w = labels.width();
    for (int y = 0, i = 0; y < labels.height(); y++) {
      for (int x = 0; x < w; x++, i++) {
        int label = fill ? filled[i] : labels.get(i);
        if (label != 0) sums[label].add(x, y);
      }
    }
    int[] number = new int[max + 1];
    List<Segment> kept = new ArrayList<>();
    for (Segment s : found.segments()) {
      Sum sum = sums[s.label()];
      if (sum.n < smallest || sum.n > largest) continue;
      if (drop && touches(s, labels)) continue;
      int label = classes ? s.label() : kept.size() + 1;
      number[s.label()] = label;
      kept.add(
          s.withLabel(label)
              .withPixels(
                  sum.n, sum.x / sum.n, sum.y / sum.n, s.left(), s.top(), s.width(), s.height()));
    }
    LabelMap map = LabelMap.sized(w, labels.height(), classes ? max : kept.size());
    for (int y = 0, i = 0; y < labels.height(); y++) {
      for (int x = 0; x < w; x++, i++) {
        int label = fill ? filled[i] : labels.get(i);
        if (label != 0 && number[label] != 0) map.set(x, y, number[label]);
      }
    }
    return new Segmentation(map, kept).only(names);
  }

  private static boolean touches(Segment s, LabelMap labels) {
    return s.left() == 0
        || s.top() == 0
        || s.left() + s.width() == labels.width()
        || s.top() + s.height() == labels.height();
  }

  /**
   * Labels with those of objects in the parts of the background (4 neighbours) that they enclose.
   */
  private static int[] filled(LabelMap labels) {
    int w = labels.width();
    int h = labels.height();
    boolean[] ground = new boolean[labels.size()];
    for (int i = 0; i < ground.length; i++) ground[i] = labels.get(i) == 0;
    int[] parts = new int[ground.length];
    int n = Components.label(ground, w, h, 4, parts);
    // the one label around each part; -1 for several, or the border of the image
    int[] around = new int[n + 1];
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++, i++) {
        int part = parts[i];
        if (part == 0) continue;
        if (x == 0 || y == 0 || x == w - 1 || y == h - 1) {
          around[part] = -1;
          continue;
        }
        for (int j : new int[] {i - 1, i + 1, i - w, i + w}) {
          int label = labels.get(j);
          if (label == 0 || label == around[part]) continue;
          around[part] = around[part] == 0 ? label : -1;
        }
      }
    }
    int[] filled = new int[ground.length];
    for (int i = 0; i < filled.length; i++) {
      filled[i] = parts[i] == 0 ? labels.get(i) : Math.max(0, around[parts[i]]);
    }
    return filled;
  }

  private static final class Sum {
    private long n;
    private double x;
    private double y;

    void add(int column, int row) {
      n++;
      x += column + 0.5;
      y += row + 0.5;
    }
  }
}
