package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.ImagePlus;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;

class FrameStacksTest {

  private static Frame shorts(int... values) {
    short[] pixels = new short[values.length];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (short) values[i];
    return new Frame(
        "x",
        ArrayImgs.unsignedShorts(pixels, 2, 1, values.length / 2),
        new PixelSize(0.5, 0.5, "µm"));
  }

  @Test
  void channelsAndFramesKeepTheirPlaces() {
    Frame a = shorts(1, 2, 3, 60000);
    Frame b = shorts(5, 6, 7, 8);
    ImagePlus image = FrameStacks.of("t", List.of(a, b), List.of("a", "b"), false, 0, 65535);
    assertEquals(List.of(2, 2, 1), dimensions(image));
    assertEquals(16, image.getBitDepth());
    assertEquals(60000, image.getStack().getVoxel(1, 0, image.getStackIndex(2, 1, 1) - 1));
    assertEquals(6, image.getStack().getVoxel(1, 0, image.getStackIndex(1, 2, 1) - 1));
    assertEquals("b", image.getStack().getSliceLabel(3));
    assertEquals(0.5, image.getCalibration().pixelWidth);
    FrameStacks.replace(image, List.of(b, a), false);
    assertEquals(60000, image.getStack().getVoxel(1, 0, image.getStackIndex(2, 2, 1) - 1));
    assertEquals(List.of(2, 2, 1), dimensions(image));
  }

  private static List<Integer> dimensions(ImagePlus image) {
    return List.of(image.getNChannels(), image.getNSlices(), image.getNFrames());
  }

  @Test
  void colorsAreOnePicture() {
    byte[] rgb = {10, 20, 30, 40, 50, 60};
    Frame frame = new Frame("c", ArrayImgs.unsignedBytes(rgb, 2, 1, 3), PixelSize.UNCALIBRATED);
    ImagePlus image = FrameStacks.of("t", List.of(frame), List.of("c"), true, 0, 255);
    assertEquals(24, image.getBitDepth());
    assertEquals(20 << 16 | 40 << 8 | 60, image.getProcessor().get(1, 0) & 0xffffff);
  }
}
