package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Clipping;

class LookAreaTest {

  private final ImagePlus stack = IJ.createImage("stack", 20, 10, 3, 8);
  private final LookArea area = LookArea.parse("overlay", Clipping.Edge.CUT);

  @Test
  void aPlaneIsFilledOnce() {
    Roi everywhere = new Roi(1, 1, 4, 5);
    stack.setOverlay(new Overlay(everywhere));
    LookArea.Of within = area.in(stack);
    assertEquals(20, within.pixels(1, 1, 200));
    assertSame(within.plane(1, 1).orElseThrow(), within.plane(3, 1).orElseThrow());
    assertFalse(within.isEmpty(3, 1));
  }

  @Test
  void planesThatDifferAreToldApart() {
    Roi second = new Roi(1, 1, 4, 5);
    second.setPosition(2);
    stack.setOverlay(new Overlay(second));
    LookArea.Of within = area.in(stack);
    assertEquals(0, within.pixels(1, 1, 200));
    assertEquals(20, within.pixels(2, 1, 200));
    assertSame(within.plane(2, 1).orElseThrow(), within.plane(2, 1).orElseThrow());
    assertNotSame(within.plane(2, 1).orElseThrow(), within.plane(3, 1).orElseThrow());
    assertFalse(within.isEmpty(3, 1));
  }

  @Test
  void whatLiesBesideTheImageIsNothing() {
    stack.setOverlay(new Overlay(new Roi(30, 30, 4, 5)));
    assertTrue(area.in(stack).isEmpty(3, 1));
    assertFalse(LookArea.ALL.in(stack).isEmpty(3, 1));
    assertEquals(200, LookArea.ALL.in(stack).pixels(1, 1, 200));
  }
}
