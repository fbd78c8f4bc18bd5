package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class ResamplingTest {

  /** 1 2 4 above 8 16 32; the second channel is that with a minus. */
  private static Frame frame() {
    float[] pixels = {1, 2, 4, 8, 16, 32, -1, -2, -4, -8, -16, -32};
    return new Frame("six", ArrayImgs.floats(pixels, 3, 2, 2), PixelSize.UNCALIBRATED);
  }

  private static float[] read(Frame frame) {
    return new Resize.AnySize().read(frame);
  }

  private static void assertPixels(Frame frame, double... expected) {
    float[] read = read(frame);
    assertEquals(2 * expected.length, read.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], read[i], 1e-5, "pixel " + i);
      assertEquals(-expected[i], read[expected.length + i], 1e-5, "second, pixel " + i);
    }
  }

  /** A quarter of the way to the next column: 3/4 of 1 and 1/4 of 2 are 1.25, and so on. */
  @Test
  void aPieceLiesBetweenPixels() {
    assertPixels(Resampling.piece(frame(), Affine.translation(0.25, 0), 2, 2), 1.25, 2.5, 10, 20);
    assertPixels(Resampling.piece(frame(), Affine.translation(0.25, 0.5), 2, 1), 5.625, 11.25);
    assertPixels(Resampling.piece(frame(), Affine.translation(1, 0.25), 1, 1), 5.5);
  }

  /** Left of 1 lies 2 again, above 1 lies 8: twice as large, pixels lie at -1/4, 1/4, 3/4, 5/4. */
  @Test
  void anEnlargedPieceIsMirroredAtItsEdge() {
    assertPixels(
        Resampling.piece(frame(), Affine.scale(0.5, 0.5), 4, 2),
        3.4375,
        3.4375,
        4.8125,
        6.875,
        3.4375,
        3.4375,
        4.8125,
        6.875);
  }

  @Test
  void whereAPieceShrinksItIsTheMeanOfWhatItShows() {
    float[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, -5, -6, -7, -8};
    Frame frame = new Frame("eight", ArrayImgs.floats(pixels, 4, 2, 2), PixelSize.UNCALIBRATED);
    assertPixels(Resampling.averaged(frame, Affine.scale(2, 2), 2, 1), 3.5, 5.5);
    float[] once = read(Resampling.piece(frame, Affine.scale(1.25, 1.25), 2, 1));
    assertArrayEquals(once, read(Resampling.averaged(frame, Affine.scale(1.25, 1.25), 2, 1)));
    float[] nine = {1, 2, 3, 10, 20, 30, 100, 200, 300};
    assertArrayEquals(
        new float[] {74},
        read(
            Resampling.averaged(
                new Frame("nine", ArrayImgs.floats(nine, 3, 3, 1), PixelSize.UNCALIBRATED),
                Affine.scale(3, 3),
                1,
                1)),
        1e-4f);
  }

  /** More than is averaged at once. The mean of columns 2i and 2i + 1 is 2i + 1/2. */
  @Test
  void largePiecesAreAveragedPartByPart() {
    float[] pixels = new float[140 * 134];
    for (int i = 0; i < pixels.length; i++) pixels[i] = i % 140 + 1000 * (i / 140);
    Frame frame = new Frame("large", ArrayImgs.floats(pixels, 140, 134, 1), PixelSize.UNCALIBRATED);
    float[] read = read(Resampling.averaged(frame, Affine.scale(2, 2), 70, 67));
    for (int j = 0; j < 67; j++) {
      for (int i = 0; i < 70; i++) {
        assertEquals(2 * i + 0.5 + 1000 * (2 * j + 0.5), read[j * 70 + i], 0.1, i + ", " + j);
      }
    }
  }

  /** More than is read at once. */
  @Test
  void largeImagesAreReadBandByBand() {
    float[] pixels = new float[1100 * 1000];
    for (int i = 0; i < pixels.length; i++) pixels[i] = i;
    Frame frame =
        new Frame("large", ArrayImgs.floats(pixels, 1100, 1000, 1), PixelSize.UNCALIBRATED);
    float[] read = new Resize.Stretch(1100, 2000, Interpolation.NEAREST).read(frame);
    for (int j = 0; j < 2000; j++) {
      for (int i = 0; i < 1100; i++) {
        if (read[j * 1100 + i] != j / 2 * 1100 + i) {
          assertEquals(j / 2 * 1100 + i, read[j * 1100 + i], i + ", " + j);
        }
      }
    }
  }

  @Test
  void partsOfAnImageAsItIsAreParts() {
    Resize.View whole = new Resize.AnySize().view(3, 2);
    assertArrayEquals(
        new float[] {1, 2, 8, 16, -1, -2, -8, -16}, Resize.read(frame(), whole.part(0, 0, 2, 2)));
    assertArrayEquals(
        new float[] {1, 2, 4, -1, -2, -4}, Resize.read(frame(), whole.part(0, 0, 3, 1)));
    assertArrayEquals(
        new float[] {16, 32, 0, 0, 0, 0, -16, -32, 0, 0, 0, 0},
        Resize.read(frame(), whole.part(1, 1, 3, 2)));
    assertArrayEquals(
        new float[] {0, 0, 0, 1, 0, 0, 0, -1}, Resize.read(frame(), whole.part(-1, -1, 2, 2)));
    assertArrayEquals(new float[2], Resize.read(frame(), whole.part(0, 2, 1, 1)));
    Resize.View ground = new Resize.Letterbox(3, 2, 9, Interpolation.NEAREST).view(3, 2);
    assertArrayEquals(new float[] {9, 9, 9, 9}, Resize.read(frame(), ground.part(-5, 0, 1, 2)));
    assertArrayEquals(new float[] {9, 9, 9, 9}, Resize.read(frame(), ground.part(0, 7, 2, 1)));
  }

  @Test
  void aCropIsAViewOfTheSameChannels() {
    assertPixels(frame().crop(1, 1, 2, 1), 16, 32);
    assertPixels(frame().crop(0, 0, 3, 2), 1, 2, 4, 8, 16, 32);
    assertEquals("six", frame().crop(1, 1, 2, 1).name());
    int[][] outside = {
      {-1, 0, 1, 1}, {0, -1, 1, 1}, {0, 0, 0, 1}, {0, 0, 1, 0}, {2, 0, 2, 1}, {0, 1, 1, 2}
    };
    for (int[] r : outside) {
      assertThrows(IllegalArgumentException.class, () -> frame().crop(r[0], r[1], r[2], r[3]));
    }
  }

  /** One to the right and one up; what comes in from beyond is the edge. */
  @Test
  void whatIsShiftedRepeatsItsEdge() {
    assertPixels(frame().shifted(1, -1), 8, 8, 16, 8, 8, 16);
  }

  @Test
  void aMapThatLeavesNoAreaHasNoWayBack() {
    assertThrows(SpyhopException.class, () -> Affine.scale(1e-155, 1e-155).inverse());
    assertThrows(IllegalArgumentException.class, () -> Affine.translation(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> Affine.scale(1, Double.POSITIVE_INFINITY));
  }
}
