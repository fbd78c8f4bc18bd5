package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Segmentation;

/**
 * The segmentation of an image of any dimensions, slice by slice and time point by time point.
 *
 * @param image what was segmented
 * @param labels label image of the same size, slices, time points and calibration, with one
 *     channel: 16-bit, or 32-bit where a label exceeds 65,535; shown by a lookup table of distinct
 *     colours
 * @param frames what was found, by time point, then slice
 * @param classes names of labels 1, 2, ...; empty if labels number objects
 */
public record HyperstackSegmentation(
    ImagePlus image, ImagePlus labels, List<SegmentedFrame> frames, List<String> classes) {

  public HyperstackSegmentation {
    frames = List.copyOf(frames);
    classes = List.copyOf(classes);
  }

  /** Segments all channels of an image into objects. */
  public static HyperstackSegmentation run(
      ImagePlus image, Function<Frame, Segmentation> segment, Progress progress) {
    return run(Frames.of(image), List.of(), (frame, part) -> segment.apply(frame), progress);
  }

  /**
   * Segments frame by frame.
   *
   * @param classes names of labels 1, 2, ...; empty if labels number objects
   * @param segment from a frame to regions of the same size; its progress is part of the whole
   * @throws java.util.concurrent.CancellationException if the user asked to stop
   */
  public static HyperstackSegmentation run(
      Frames frames,
      List<String> classes,
      BiFunction<Frame, Progress, Segmentation> segment,
      Progress progress) {
    throw new UnsupportedOperationException();
  }

  /** Every outline, placed at its slice and time point. */
  public List<Roi> rois() {
    return frames.stream().flatMap(frame -> frame.rois().stream()).toList();
  }

  /** Every outline as an overlay for {@link #image}. */
  public Overlay overlay() {
    Overlay overlay = new Overlay();
    rois().forEach(overlay::add);
    return overlay;
  }
}
