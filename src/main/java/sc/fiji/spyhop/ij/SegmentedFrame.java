package sc.fiji.spyhop.ij;

import ij.gui.Roi;
import java.util.List;
import sc.fiji.spyhop.prediction.Segment;

/**
 * What was found in one frame.
 *
 * @param z slice, from 1
 * @param t time point, from 1
 * @param segments ascending by label
 * @param rois the outline of each segment, in the same order
 * @param others outlines of what was found besides, of classes that are not looked for
 */
public record SegmentedFrame(
    int z, int t, List<Segment> segments, List<Roi> rois, List<Roi> others) {

  /** Copies the lists. */
  public SegmentedFrame {
    segments = List.copyOf(segments);
    rois = List.copyOf(rois);
    others = List.copyOf(others);
  }
}
