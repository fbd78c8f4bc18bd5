package sc.fiji.spyhop.prediction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The regions of one plane.
 *
 * @param labels one number per pixel, 0 for background; where regions may lie over each other, sets
 *     of them, see {@link Overlaps}
 * @param segments one for each label present, ascending, in the coordinates of the image; where
 *     regions may lie over each other, that of class 0 has label 1, and so on
 * @param overlapping whether regions may lie over each other
 * @param x column of the image that the labels begin at: 0, but for those of a view
 * @param y row of the image that the labels begin at
 */
public record Segmentation(
    LabelMap labels, List<Segment> segments, boolean overlapping, int x, int y) {

  /** Copies the list. */
  public Segmentation {
    segments = List.copyOf(segments);
  }

  /** Of an image that begins at (0, 0). */
  public Segmentation(LabelMap labels, List<Segment> segments) {
    this(labels, segments, false, 0, 0);
  }

  /**
   * The regions of each class alone, where they may lie over each other: labels are 0 and that of
   * the only segment; else this. Together again by {@link #overlay}.
   */
  public List<Segmentation> layers() {
    if (!overlapping) return List.of(this);
    return segments.stream()
        .map(
            s ->
                new Segmentation(
                    Overlaps.layer(labels, s.label() - 1, s.label()), List.of(s), false, x, y))
        .toList();
  }

  /**
   * Regions that may lie over each other.
   *
   * @param layers as {@link #layers} gives them, all of the size of the labels
   * @param width columns of the labels
   * @param height rows of the labels
   * @param x column of the image that the labels begin at
   * @param y row of the image that the labels begin at
   */
  public static Segmentation overlay(
      List<Segmentation> layers, int width, int height, int x, int y) {
    List<Segment> segments = layers.stream().flatMap(l -> l.segments.stream()).toList();
    int max = segments.stream().mapToInt(Segment::label).max().orElse(0);
    LabelMap sets = LabelMap.sized(width, height, max == 0 ? 0 : Overlaps.bit(max) - 1);
    for (Segmentation layer : layers) {
      for (Segment s : layer.segments) Overlaps.add(sets, layer.labels, s.label() - 1);
    }
    return new Segmentation(sets, segments, true, x, y);
  }

  /** The same after a change of each layer, which keeps their size and the labels of classes. */
  public Segmentation eachLayer(UnaryOperator<Segmentation> change) {
    return overlay(layers().stream().map(change).toList(), labels.width(), labels.height(), x, y);
  }

  /** Pixels that are of no region. */
  public long background() {
    long n = 0;
    for (int i = 0; i < labels.size(); i++) if (labels.get(i) == 0) n++;
    return n;
  }

  /**
   * The same in an image in which all lies further to the right and down.
   *
   * @param dx columns
   * @param dy rows
   */
  public Segmentation shifted(int dx, int dy) {
    if (dx == 0 && dy == 0) return this;
    return new Segmentation(
        labels,
        segments.stream().map(s -> s.shifted(dx, dy)).toList(),
        overlapping,
        x + dx,
        y + dy);
  }

  /** Objects of classes that are looked for alone, numbered anew in their order. */
  public Segmentation only(RegionNames names) {
    if (names.kept().areAll()) return this;
    int[] number = new int[segments.stream().mapToInt(Segment::label).max().orElse(0) + 1];
    List<Segment> kept = new ArrayList<>();
    for (Segment s : segments) {
      if (!names.keep(s)) continue;
      number[s.label()] = kept.size() + 1;
      kept.add(s.withLabel(kept.size() + 1));
    }
    LabelMap map = LabelMap.sized(labels.width(), labels.height(), kept.size());
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) {
        int label = labels.get(x, y);
        if (label != 0 && number[label] != 0) map.set(x, y, number[label]);
      }
    }
    return new Segmentation(map, kept, false, x, y);
  }

  /** The labels with the most likely class of each object that has classes. */
  public LabelMap classified() {
    if (overlapping) return labels;
    Map<Integer, Integer> numbers = new HashMap<>();
    for (Segment s : segments) s.classes().ifPresent(c -> numbers.put(s.label(), c.best()));
    return labels.withClasses(new ObjectClasses(numbers));
  }
}
