package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.gui.RotatedRectRoi;
import ij.process.FloatProcessor;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;

class RegionTest {

  /** The value of a pixel says where it is. */
  private static float at(double x, double y) {
    return (float) (x + 100 * y);
  }

  private static Frames ramp() {
    FloatProcessor pixels = new FloatProcessor(30, 20);
    for (int y = 0; y < 20; y++) for (int x = 0; x < 30; x++) pixels.setf(x, y, at(x, y));
    return frames(new ImagePlus("ramp", pixels));
  }

  private static Frames frames(ImagePlus image) {
    return Frames.of(image, ChannelChoice.AUTO, 1, Colors.NONE);
  }

  private static Frame only(Frames frames, Roi roi) {
    List<Region> regions = Region.of(frames, List.of(roi));
    assertEquals(1, regions.size());
    return regions.get(0).frame().get();
  }

  private static double value(Frame frame, int x, int y) {
    return frame.pixels().getAt(x, y, 0).getRealDouble();
  }

  @Test
  void ofAnOutlineTheBoundingBoxAsFarAsItIsInTheImage() {
    Frame box = only(ramp(), new OvalRoi(25, 3, 9, 6));
    assertEquals(List.of(5, 6), List.of(box.width(), box.height()));
    assertEquals(at(25, 3), value(box, 0, 0));
    assertEquals(at(29, 8), value(box, 4, 5));
  }

  /** From (10, 5) straight down to (10, 13), 4 wide: column i is row 5 + i, row j column 11 - j. */
  @Test
  void aRectangleTurnedByAQuarterIsTurnedBack() {
    Frame piece = only(ramp(), new RotatedRectRoi(10, 5, 10, 13, 4));
    assertEquals(List.of(8, 4), List.of(piece.width(), piece.height()));
    for (int j = 0; j < 4; j++) {
      for (int i = 0; i < 8; i++) assertEquals(at(11 - j, 5 + i), value(piece, i, j), 1e-2);
    }
  }

  /**
   * Along (0.8, 0.6) from (8, 4), length 10, 4 wide, so (-0.6, 0.8) across. Interpolation keeps a
   * ramp as it is, so each pixel is the ramp at its centre, half a pixel less.
   */
  @Test
  void aRotatedRectangleIsTurnedUpright() {
    Frame piece = only(ramp(), new RotatedRectRoi(8, 4, 16, 10, 4));
    assertEquals(List.of(10, 4), List.of(piece.width(), piece.height()));
    for (int j = 0; j < 4; j++) {
      for (int i = 0; i < 10; i++) {
        double along = i + 0.5;
        double across = j + 0.5 - 2;
        double x = 8 + 0.8 * along - 0.6 * across - 0.5;
        double y = 4 + 0.6 * along + 0.8 * across - 0.5;
        assertEquals(at(x, y), value(piece, i, j), 1e-2, i + ", " + j);
      }
    }
  }

  @Test
  void ofAStackEachSliceAtEachTimePoint() {
    ImagePlus stack = IJ.createHyperStack("s", 4, 4, 1, 3, 2, 32);
    for (int n = 1; n <= 6; n++) stack.getStack().getProcessor(n).setf(0, 0, n);
    List<Region> all = Region.slices(frames(stack));
    assertEquals(6, all.size());
    for (int n = 1; n <= 6; n++) {
      Region region = all.get(n - 1);
      assertEquals(n, value(region.frame().get(), 0, 0));
    }
    Roi roi = new Roi(0, 0, 2, 2);
    roi.setPosition(1, 2, 2);
    assertEquals(5, value(only(frames(stack), roi), 0, 0));
    stack.setPosition(1, 3, 1);
    assertEquals(3, value(only(frames(stack), new Roi(0, 0, 2, 2)), 0, 0), "shown everywhere");
  }

  @Test
  void nothingToLookAtIsRefused() {
    Frames ramp = ramp();
    assertTrue(
        assertThrows(SpyhopException.class, () -> Region.of(ramp, List.of()))
            .getMessage()
            .contains("found none"));
    Roi outside = new Roi(40, 0, 5, 5);
    outside.setName("far");
    assertTrue(
        assertThrows(SpyhopException.class, () -> Region.of(ramp, List.of(outside)))
            .getMessage()
            .contains("\"far\" lies outside"));
  }
}
