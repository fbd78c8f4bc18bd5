package sc.fiji.spyhop.job.preview;

import ij.ImagePlus;
import java.util.Optional;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.prediction.Clipping;

/**
 * What a network or kept maps were opened for; where that is the same they need not be opened
 * again.
 *
 * @param source model or maps
 * @param normalized what of the plane intensities are normalized over; empty for all of it
 */
record OpenedFor(Object source, ImagePlus image, Optional<Clipping> normalized) {

  static OpenedFor of(Object source, ImagePlus image, LookArea area, View view) {
    return new OpenedFor(
        source, image, area.alone() ? area.in(image).plane(view.z(), view.t()) : Optional.empty());
  }
}
