package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandOverlayTest {

  private static List<Integer> lefts(ImagePlus image) {
    return Arrays.stream(image.getOverlay().toArray()).map(r -> (int) r.getXBase()).toList();
  }

  @Test
  void aCommandReplacesItsOwnRegionsAndNoOthers() {
    ImagePlus image = new ImagePlus("image", new ByteProcessor(50, 40));
    Roi drawn = new Roi(1, 1, 5, 5);
    image.setOverlay(new Overlay(drawn));
    Roi found = new Roi(2, 1, 5, 5);
    CommandOverlay.replace(image, "localize", List.of(found));
    CommandOverlay.replace(image, "segment", List.of(new Roi(3, 1, 5, 5), new Roi(4, 1, 5, 5)));
    assertEquals(List.of(1, 2, 3, 4), lefts(image));
    CommandOverlay.replace(image, "segment", List.of(new Roi(5, 1, 5, 5)));
    assertEquals(List.of(1, 2, 5), lefts(image));
    CommandOverlay.replace(image, "localize", List.of());
    assertEquals(List.of(1, 5), lefts(image));
    assertNull(drawn.getProperty("spyhop"), "what the user drew is as it was");
    assertNull(found.getProperty("spyhop"), "what was found is copied");
  }

  @Test
  void anImageWithoutAnOverlayGetsOne() {
    ImagePlus image = new ImagePlus("image", new ByteProcessor(50, 40));
    CommandOverlay.replace(image, "segment", List.of(new Roi(3, 1, 5, 5)));
    assertEquals(List.of(3), lefts(image));
  }
}
