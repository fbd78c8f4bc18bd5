package sc.fiji.spyhop.prediction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The regions of one plane.
 *
 * @param labels one number per pixel, 0 for background
 * @param segments one for each label present, ascending, in the coordinates of the image
 * @param x column of the image that the labels begin at: 0, but for those of a view
 * @param y row of the image that the labels begin at
 */
public record Segmentation(LabelMap labels, List<Segment> segments, int x, int y) {

  /** Copies the list. */
  public Segmentation {
    segments = List.copyOf(segments);
  }

  /** Of an image that begins at (0, 0). */
  public Segmentation(LabelMap labels, List<Segment> segments) {
    this(labels, segments, 0, 0);
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
        labels, segments.stream().map(s -> s.shifted(dx, dy)).toList(), x + dx, y + dy);
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
    return new Segmentation(map, kept, x, y);
  }

  /** The labels with the most likely class of each object that has classes. */
  public LabelMap classified() {
    Map<Integer, Integer> numbers = new HashMap<>();
    for (Segment s : segments) s.classes().ifPresent(c -> numbers.put(s.label(), c.best()));
    return labels.withClasses(new ObjectClasses(numbers));
  }
}
