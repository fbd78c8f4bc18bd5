package sc.fiji.spyhop.ij;

import ij.IJ;
import ij.gui.Roi;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The colours that ImageJ gives regions by their group. It looks them up in its folder {@code luts}
 * and complains, in a shell on standard output, where there is no such folder.
 */
final class GroupColors {

  private static boolean known;

  private GroupColors() {}

  /** Where ImageJ would find no colours, the groups have those of labels. */
  static synchronized void prepare() {
    if (known) return;
    known = true;
    try {
      if (isInstalled()) return;
      Field colors = Roi.class.getDeclaredField("glasbeyLut");
      colors.setAccessible(true);
      if (colors.get(null) == null) colors.set(null, LabelImages.lut());
    } catch (ReflectiveOperationException | RuntimeException e) {
      // ImageJ then says what it lacks
    }
  }

  private static boolean isInstalled() {
    String luts = IJ.getDir("luts");
    return luts != null
        && Stream.of("Glasbey.lut", "glasbey.lut").anyMatch(n -> Files.exists(Path.of(luts, n)));
  }
}
