package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;

class GeneratedStacksTest {

  private static Frame frame(String name, RandomAccessibleInterval<? extends RealType<?>> pixels) {
    return new Frame(name, pixels, new PixelSize(0.5, 0.25, "µm"));
  }

  @Test
  void coloursBecomeAStackOfRgb() {
    byte[] pixels = {1, 2, 3, 4, (byte) 255, 6};
    Frame a = frame("a", ArrayImgs.unsignedBytes(pixels, 2, 1, 3));
    ImagePlus image = GeneratedStacks.of("all", List.of(a, a, a), true, 0, 255);
    assertEquals(ImagePlus.COLOR_RGB, image.getType());
    assertEquals(3, image.getStackSize());
    assertArrayEquals(new int[] {2, 4, 6}, java.util.Arrays.copyOf(image.getPixel(1, 0), 3));
    assertArrayEquals(new int[] {1, 3, 255}, java.util.Arrays.copyOf(image.getPixel(0, 0), 3));
    assertEquals("a", image.getStack().getSliceLabel(2));
    assertEquals(0.25, image.getCalibration().pixelHeight);
    assertEquals("µm", image.getCalibration().getUnit());
  }

  @Test
  void manyBitsAreKept() {
    Frame shorts = frame("s", ArrayImgs.unsignedShorts(new short[] {7, (short) 60_000}, 2, 1, 1));
    ImagePlus image = GeneratedStacks.of("s", List.of(shorts), false, 100, 1100);
    assertEquals(ImagePlus.GRAY16, image.getType());
    assertEquals(60_000, image.getProcessor().get(1, 0));
    assertEquals(100, image.getDisplayRangeMin());
    assertEquals(1100, image.getDisplayRangeMax());
    Frame floats = frame("f", ArrayImgs.floats(new float[] {-0.5f, 3, 1, 2}, 2, 1, 2));
    image = GeneratedStacks.of("f", List.of(floats, floats), false, -1, 1);
    assertEquals(ImagePlus.GRAY32, image.getType());
    assertTrue(image.isComposite());
    assertArrayEquals(new int[] {2, 1, 2, 2, 1}, image.getDimensions());
    image.setPosition(2, 2, 1);
    assertEquals(2, image.getProcessor().getf(1, 0));
  }
}
