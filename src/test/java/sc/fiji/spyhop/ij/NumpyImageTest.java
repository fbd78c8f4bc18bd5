package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.LabelMap;

/** Arrays of NumPy are images wherever images are read. */
class NumpyImageTest {

  private static final Path FILES = Path.of("src/test/resources/sc/fiji/spyhop/util/npy");

  private static ImagePlus open(String name) {
    return ImageFiles.open(FILES.resolve(name + ".npy"));
  }

  @Test
  void axesBecomeThoseOfImageJ() {
    assertArrayEquals(new int[] {6, 5, 3, 1, 1}, open("hwc").getDimensions());
    assertArrayEquals(new int[] {6, 5, 3, 1, 1}, open("chw").getDimensions());
    assertArrayEquals(new int[] {7, 6, 1, 5, 1}, open("stack").getDimensions());
    assertArrayEquals(new int[] {3, 2, 1, 1, 1}, open("f4").getDimensions());
  }

  @Test
  void valuesAreThoseStored() {
    for (String name : new String[] {"hwc", "chw"}) {
      ImagePlus image = open(name);
      assertEquals(8, image.getBitDepth());
      assertEquals(142, image.getStack().getProcessor(2).get(2, 4), name);
    }
    assertEquals(16, open("u2").getBitDepth());
    assertEquals(40_000, open("u2").getProcessor().get(0, 1));
    assertEquals(-300, open("i2").getProcessor().getf(0, 1));
    assertEquals(-6, open("i1").getProcessor().getf(0, 1));
    assertEquals(30_000, open("i8").getProcessor().getf(2, 1));
    assertEquals(1, open("b1").getProcessor().get(2, 1));
  }

  @Test
  void theyAreFramesAndLabels() {
    Frame frame = new ImageFiles().readFrame(FILES.resolve("chw.npy"));
    assertEquals(3, frame.channels());
    assertEquals(242, frame.pixels().getAt(2, 4, 2).getRealDouble());
    LabelMap labels = new ImageFiles().readLabels(FILES.resolve("u2.npy"));
    assertEquals(40_000, labels.get(0, 1));
  }

  @Test
  void whatIsNoImageIsTold() {
    for (String name : new String[] {"object", "vector", "empty", "complex"}) {
      String message = assertThrows(SpyhopException.class, () -> open(name)).getMessage();
      assertTrue(message.contains(name + ".npy") && message.contains("expected"), message);
    }
  }
}
