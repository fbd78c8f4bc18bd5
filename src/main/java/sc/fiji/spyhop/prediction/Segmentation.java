package sc.fiji.spyhop.prediction;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The regions of one plane.
 *
 * @param labels one number per pixel, 0 for background
 * @param segments one for each label present, ascending
 */
public record Segmentation(LabelMap labels, List<Segment> segments) {

  public Segmentation {
    segments = List.copyOf(segments);
  }

  /** The labels with the most likely class of each object that has classes. */
  public LabelMap classified() {
    Map<Integer, Integer> numbers = new HashMap<>();
    for (Segment s : segments) s.classes().ifPresent(c -> numbers.put(s.label(), c.best()));
    return labels.withClasses(new ObjectClasses(numbers));
  }
}
