package sc.fiji.spyhop.command;

import ij.gui.Roi;
import java.util.List;
import java.util.Locale;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.ij.Rois;

/** Which parts of an image a command looks at, as macros say it. */
final class RegionChoice {

  private RegionChoice() {}

  /**
   * The parts.
   *
   * @param text {@code slices}, {@code selection}, {@code overlay} or {@code manager}
   * @throws SpyhopException for another word, or where there are no such regions
   */
  static List<Region> regions(String text, Frames frames) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "slices" -> Region.slices(frames);
      case "overlay" -> Region.of(frames, ClassLabels.regions(frames.image()));
      case "manager" -> Region.of(frames, Rois.inManager());
      case "selection" -> {
        Roi roi = frames.image().getRoi();
        yield Region.of(frames, roi == null ? List.of() : List.of(roi));
      }
      default ->
          throw new SpyhopException(
              "Regions: expected slices, selection, overlay or manager, received \""
                  + text
                  + "\".");
    };
  }
}
