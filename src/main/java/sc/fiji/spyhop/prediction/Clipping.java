package sc.fiji.spyhop.prediction;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;

/**
 * Leaves out what lies outside an area that is looked at.
 *
 * @param inside the area: bits of pixels, row by row
 * @param edge what becomes of things that lie across its border
 */
public record Clipping(BitSet inside, Edge edge) {

  /** What becomes of things that lie across the border of an area. */
  public enum Edge {
    /** Whole, if half of it or more is inside; else not at all. */
    KEEP,
    /** What is outside is cut off. */
    CUT,
    /** Left out. */
    DROP;

    /**
     * Reads {@code keep}, {@code cut} or {@code drop}.
     *
     * @throws SpyhopException for another word
     */
    public static Edge parse(String text) {
      for (Edge e : values()) if (e.name().equalsIgnoreCase(text.strip())) return e;
      throw new SpyhopException(
          "expected keep, cut or drop, received \""
              + text.strip().toLowerCase(Locale.ROOT)
              + "\".");
    }
  }

  /** Objects numbered anew in their order; classes keep their number. */
  public Segmentation of(Segmentation found, boolean classes) {
    if (found.overlapping()) return found.eachLayer(layer -> of(layer, classes));
    LabelMap labels = found.labels();
    int width = labels.width();
    int n = found.segments().stream().mapToInt(Segment::label).max().orElse(0);
    Sums[] within = sums(labels, n);
    int[] number = new int[n + 1];
    List<Segment> kept = new ArrayList<>();
    for (Segment s : found.segments()) {
      long in = within[s.label()].area;
      boolean whole = in == s.area();
      boolean stays =
          switch (classes ? Edge.CUT : edge) {
            case KEEP -> 2 * in >= s.area();
            case CUT -> in > 0;
            case DROP -> whole;
          };
      if (!stays) continue;
      number[s.label()] = classes ? s.label() : kept.size() + 1;
      boolean cut = !whole && (classes || edge == Edge.CUT);
      kept.add((cut ? within[s.label()].of(s) : s).withLabel(number[s.label()]));
    }
    boolean cuts = classes || edge == Edge.CUT;
    LabelMap map = LabelMap.sized(width, labels.height(), n);
    for (int y = 0, i = 0; y < labels.height(); y++) {
      for (int x = 0; x < width; x++, i++) {
        int label = labels.get(x, y);
        if (label != 0 && (!cuts || inside.get(i))) map.set(x, y, number[label]);
      }
    }
    return new Segmentation(map, kept);
  }

  private Sums[] sums(LabelMap labels, int n) {
    Sums[] sums = new Sums[n + 1];
    for (int i = 0; i <= n; i++) sums[i] = new Sums();
    for (int y = 0, i = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++, i++) {
        int label = labels.get(x, y);
        if (label != 0 && inside.get(i)) sums[label].add(x, y);
      }
    }
    return sums;
  }

  /** Boxes, of which the part inside counts by its pixels, and points. */
  public Annotation of(Annotation found) {
    List<LocalizedObject> objects = new ArrayList<>();
    List<Pose> poses = new ArrayList<>();
    for (LocalizedObject o : found.objects()) {
      Sums in = within(o.box(), found.size());
      long all = pixels(o.box(), found.size());
      boolean stays =
          switch (edge) {
            case KEEP -> 2 * in.area >= Math.max(1, all);
            case CUT -> in.area > 0;
            case DROP -> in.area == all && all > 0;
          };
      if (!stays) continue;
      LocalizedObject kept = edge == Edge.CUT && in.area < all ? o.withBox(in.box(o.box())) : o;
      objects.add(kept);
      found.poses().stream()
          .filter(p -> p.object().filter(o::equals).isPresent())
          .map(p -> new Pose(p.individual(), Optional.of(kept), p.keypoints()))
          .forEach(poses::add);
    }
    for (Pose p : found.poses()) {
      if (p.object().isPresent()) continue;
      List<Keypoint> points =
          p.keypoints().stream()
              .map(k -> isInside(k, found.size()) ? k : Keypoint.absent(k.name()))
              .toList();
      if (points.stream().anyMatch(Keypoint::isLocated)) {
        poses.add(new Pose(p.individual(), p.object(), points));
      }
    }
    return new Annotation(found.size(), objects, poses);
  }

  private boolean isInside(Keypoint k, ImageSize size) {
    int x = (int) Math.floor(k.x());
    int y = (int) Math.floor(k.y());
    return k.isLocated()
        && x >= 0
        && y >= 0
        && x < size.width()
        && y < size.height()
        && inside.get(y * size.width() + x);
  }

  private static int first(double edge) {
    return (int) Math.max(0, Math.ceil(edge - 0.5));
  }

  private static int behind(double edge, int size) {
    return (int) Math.min(size, Math.ceil(edge - 0.5));
  }

  /** Pixels whose centre is in a box. */
  private static long pixels(Box b, ImageSize size) {
    long columns = Math.max(0, behind(b.right(), size.width()) - first(b.x()));
    return columns * Math.max(0, behind(b.bottom(), size.height()) - first(b.y()));
  }

  private Sums within(Box b, ImageSize size) {
    Sums sums = new Sums();
    for (int y = first(b.y()); y < behind(b.bottom(), size.height()); y++) {
      for (int x = first(b.x()); x < behind(b.right(), size.width()); x++) {
        if (inside.get(y * size.width() + x)) sums.add(x, y);
      }
    }
    return sums;
  }

  private static final class Sums {
    private long area;
    private double x;
    private double y;
    private int left = Integer.MAX_VALUE;
    private int top = Integer.MAX_VALUE;
    private int right;
    private int bottom;

    void add(int column, int row) {
      area++;
      x += column + 0.5;
      y += row + 0.5;
      left = Math.min(left, column);
      top = Math.min(top, row);
      right = Math.max(right, column + 1);
      bottom = Math.max(bottom, row + 1);
    }

    /** What of an object these pixels are. */
    Segment of(Segment s) {
      return s.withPixels(area, x / area, y / area, left, top, right - left, bottom - top);
    }

    /** The part of a box with pixels in it. */
    Box box(Box of) {
      return Box.between(
          Math.max(left, of.x()),
          Math.max(top, of.y()),
          Math.min(right, of.right()),
          Math.min(bottom, of.bottom()));
    }
  }
}
