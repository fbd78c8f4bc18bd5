package sc.fiji.spyhop.job.preview;

import ij.gui.Roi;
import java.util.List;

/**
 * What will be found in a part of an image.
 *
 * @param rois what is drawn, in its colours
 * @param told how much of what, such as {@code 12 objects in view}
 */
public record Seen(List<Roi> rois, String told) {}
