package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;

class FrameTest {

  /** 4 x 3 pixels that are numbered. */
  private static ArrayImg<UnsignedByteType, ?> numbered() {
    byte[] pixels = new byte[12];
    for (int i = 0; i < 12; i++) pixels[i] = (byte) i;
    return ArrayImgs.unsignedBytes(pixels, 4, 3, 1);
  }

  private static double at(Frame frame, int x, int y) {
    var pixels = frame.pixels().randomAccess();
    pixels.setPosition(new int[] {x, y, 0});
    return pixels.get().getRealDouble();
  }

  @Test
  void viewsMayBeginAnywhere() {
    Frame part =
        new Frame(
            "part",
            Views.interval(numbered(), new long[] {1, 1, 0}, new long[] {3, 2, 0}),
            PixelSize.UNCALIBRATED);
    assertEquals(3, part.width());
    assertEquals(2, part.height());
    assertEquals(5, at(part, 0, 0));
    assertEquals(11, at(part, 2, 1));
    assertEquals(10, at(part.crop(1, 1, 2, 1), 0, 0));
    Frame moved =
        new Frame("moved", Views.translate(numbered(), -7, 100, 2), PixelSize.UNCALIBRATED);
    assertEquals(6, at(moved, 2, 1));
    assertEquals(1, moved.channels());
  }
}
