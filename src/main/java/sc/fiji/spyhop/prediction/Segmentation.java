package sc.fiji.spyhop.prediction;

import java.util.List;

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
}
