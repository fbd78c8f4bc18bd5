package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;

/** Images that NumPy wrote: 10 times the row, the column, and 100 for each channel. */
class NumpyImagesTest {

  private static final Path FILES = Path.of("src/test/resources/sc/fiji/spyhop/util/npy");

  @TempDir Path folder;

  private static double at(RandomAccessibleInterval<? extends RealType<?>> image, long... place) {
    return image.getAt(place).getRealDouble();
  }

  @Test
  void channelsMayComeFirstOrLast() {
    for (String name : new String[] {"hwc", "chw"}) {
      Img<? extends RealType<?>> image = NumpyImages.read(FILES.resolve(name + ".npy"));
      assertArrayEquals(new long[] {6, 5, 3}, image.dimensionsAsLongArray(), name);
      assertTrue(image.getType() instanceof UnsignedByteType);
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < 5; y++) {
          for (int x = 0; x < 6; x++) assertEquals(10 * y + x + 100 * c, at(image, x, y, c));
        }
      }
    }
  }

  @Test
  void whatAxesMeanCanBeSaid() {
    Path file = FILES.resolve("chw.npy");
    assertArrayEquals(
        new long[] {5, 3, 6},
        NumpyImages.read(file, NumpyImages.Layout.HWC).dimensionsAsLongArray());
    String message =
        assertThrows(SpyhopException.class, () -> NumpyImages.read(file, NumpyImages.Layout.HW))
            .getMessage();
    assertTrue(message.contains("2 dimensions (HW), received UINT8[3, 5, 6]"), message);
    assertThrows(SpyhopException.class, () -> NumpyImages.read(FILES.resolve("vector.npy")));
  }

  @Test
  void stacksAreSlices() {
    Img<? extends RealType<?>> stack = NumpyImages.read(FILES.resolve("stack.npy"));
    assertArrayEquals(new long[] {7, 6, 5}, stack.dimensionsAsLongArray());
    assertTrue(stack.getType() instanceof UnsignedShortType);
    assertEquals(4 * 42 + 3 * 7 + 2, at(stack, 2, 3, 4));
  }

  /** A view is written from its first pixel on, in the order of its own axes. */
  @Test
  void viewsAreWrittenAsTheyAre() {
    Img<UnsignedShortType> whole = ArrayImgs.unsignedShorts(8, 9);
    whole.forEach(p -> p.set(7));
    whole.getAt(4, 3).set(65_000);
    Path file = folder.resolve("view.npy");
    NumpyImages.write(Views.interval(whole, new long[] {3, 2}, new long[] {6, 3}), file);
    NumpyArray array = NumpyFile.read(file);
    assertEquals("UINT16[2, 4]", array.toString());
    assertEquals(65_000, array.get(5));
    assertEquals(7, array.get(4));
  }

  @Test
  void everyTypeIsWritten() {
    for (String name : new String[] {"u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"}) {
      Path file = FILES.resolve(name + ".npy");
      Path copy = folder.resolve("copy.npy");
      NumpyImages.write(NumpyImages.read(file), copy);
      assertEquals(NumpyFile.read(file), NumpyFile.read(copy), name);
    }
    NumpyImages.write(ArrayImgs.bits(3, 2), folder.resolve("bits.npy"));
    assertEquals("BOOL[2, 3]", NumpyFile.read(folder.resolve("bits.npy")).toString());
    NumpyImages.write(ArrayImgs.unsigned12Bits(3, 2), folder.resolve("12.npy"));
    assertEquals("FLOAT64[2, 3]", NumpyFile.read(folder.resolve("12.npy")).toString());
  }
}
