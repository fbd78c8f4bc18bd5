package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

/** Expected values are those of Pillow 11 (mode F) and PyTorch 2 for the same pixels. */
class ResizeTest {

  private static final double CLOSE = 2e-3;

  private static int value(int x, int y) {
    return (x * 37 + y * 61 + x * y % 23 * 5) % 256;
  }

  /** 11 x 7 pixels, in two channels: the second is 255 minus the first. */
  private static Frame frame() {
    byte[] pixels = new byte[2 * 77];
    for (int i = 0; i < 77; i++) {
      pixels[i] = (byte) value(i % 11, i / 11);
      pixels[77 + i] = (byte) (255 - value(i % 11, i / 11));
    }
    return new Frame("test", ArrayImgs.unsignedBytes(pixels, 11, 7, 2), PixelSize.UNCALIBRATED);
  }

  private static void assertReads(Resize fit, double... expected) {
    float[] read = fit.read(frame());
    assertEquals(2 * expected.length, read.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], read[i], CLOSE, "pixel " + i);
      assertEquals(255 - expected[i], read[expected.length + i], CLOSE, "second, pixel " + i);
    }
  }

  @Test
  void shrinksLikePillow() {
    assertReads(
        new Resize.Stretch(5, 3, Interpolation.ANTIALIASED),
        85.7075,
        131.5357,
        121.2057,
        110.0833,
        131.3129,
        152.6695,
        113.2941,
        137.8094,
        131.9485,
        111.7619,
        129.381,
        141.622,
        114.66,
        137.4196,
        168.4116);
  }

  @Test
  void shrinksLikePyTorchWithoutAntialias() {
    assertReads(
        new Resize.Stretch(5, 3, Interpolation.BILINEAR),
        64.8667,
        153.6,
        71.6667,
        75.0667,
        163.8,
        214.2,
        72.6,
        187.0,
        73.6001,
        44.8,
        107.5333,
        179.3334,
        187.3334,
        149.0667,
        193.6666);
  }

  @Test
  void enlargesAlikeWithAndWithoutAntialias() {
    double[] everyFourth = {
      0.0, 122.3846, 70.3846, 114.0, 183.0, 99.0, 97.7692, 76.0, 110.0, 40.2308, 187.3846, 38.0
    };
    for (Interpolation kind :
        new Interpolation[] {Interpolation.ANTIALIASED, Interpolation.BILINEAR}) {
      float[] read = new Resize.Stretch(13, 9, kind).read(frame());
      for (int i = 0; i < 12; i++) {
        assertEquals(everyFourth[i], read[i / 4 * 4 * 13 + i % 4 * 4], CLOSE, kind + " " + i);
      }
    }
  }

  /** The middle of 7 x 5 pixels begins at column round(1.5) = 2, row 1, as in torchvision. */
  @Test
  void cropsTheMiddleLikeTorchvision() {
    assertReads(
        new Resize.CenterCrop(5, 4, 3, Interpolation.ANTIALIASED),
        112.6806,
        86.731,
        135.5417,
        162.5802,
        105.4091,
        155.6507,
        138.3807,
        135.0051,
        165.2083,
        127.1754,
        98.6806,
        124.4691);
  }

  private static void assertReadsExactly(Resize fit, int... expected) {
    float[] read = fit.read(frame());
    for (int i = 0; i < expected.length; i++) assertEquals(expected[i], read[i], "pixel " + i);
  }

  /** As Pillow with mode L. */
  @Test
  void roundsLikePillow() {
    assertReadsExactly(
        new Resize.Stretch(5, 3, Interpolation.ANTIALIASED_ROUNDED),
        86,
        132,
        121,
        110,
        131,
        153,
        113,
        138,
        132,
        112,
        129,
        141,
        115,
        138,
        168);
  }

  /** As Pillow's crop and then resize, with mode L. */
  @Test
  void coverCropsThenShrinks() {
    Interpolation kind = Interpolation.ANTIALIASED_ROUNDED;
    assertReadsExactly(new Resize.Cover(3, 3, kind), 135, 121, 111, 109, 136, 140, 146, 115, 132);
    assertReadsExactly(new Resize.Cover(4, 1, kind), 146, 116, 143, 105);

    Affine toImage = new Resize.Cover(3, 3, kind).view(11, 7).toImage();
    assertEquals(2, toImage.x(0, 0), 1e-12);
    assertEquals(9, toImage.x(3, 3), 1e-12);
    assertEquals(7, toImage.y(3, 3), 1e-12);
  }

  @Test
  void letterboxKeepsProportionsAndFillsTheRest() {
    float[] read = new Resize.Letterbox(6, 6, 9, Interpolation.ANTIALIASED).read(frame());
    double[] inside = {
      55.7238, 114.8476, 150.7352, 116.3937, 86.2, 137.2259,
      149.176, 125.432, 100.2556, 137.2332, 160.534, 96.9943,
      147.2743, 118.904, 144.1707, 135.0683, 104.038, 139.1326,
      122.5973, 168.5036, 84.9129, 127.3415, 170.369, 162.9197
    };
    for (int i = 0; i < 36; i++) {
      double expected = i < 6 || i >= 30 ? 9 : inside[i - 6];
      assertEquals(expected, read[i], CLOSE, "pixel " + i);
    }
  }

  @Test
  void nearestMixesNothing() {
    float[] read = new Resize.Stretch(22, 14, Interpolation.NEAREST).read(frame());
    for (int y = 0; y < 14; y++) {
      for (int x = 0; x < 22; x++) assertEquals(value(x / 2, y / 2), read[y * 22 + x]);
    }
  }

  @Test
  void anySizeIsTheImage() {
    float[] read = new Resize.AnySize().read(frame());
    for (int i = 0; i < 77; i++) assertEquals(value(i % 11, i / 11), read[i]);
  }

  @Test
  void viewsLeadBackToTheImage() {
    Affine box = new Resize.Letterbox(6, 6, 0, Interpolation.BILINEAR).view(11, 7).toImage();
    assertEquals(0, box.x(0, 1), 1e-12);
    assertEquals(11, box.x(6, 1), 1e-12);
    assertEquals(0, box.y(0, 1), 1e-12);
    assertEquals(7, box.y(0, 5), 1e-12);
  }

  private static void assertLeads(
      Affine toImage, double x, double y, double imageX, double imageY) {
    assertEquals(imageX, toImage.x(x, y), 1e-12);
    assertEquals(imageY, toImage.y(x, y), 1e-12);
    Affine fromImage = toImage.inverse();
    assertEquals(x, fromImage.x(imageX, imageY), 1e-12);
    assertEquals(y, fromImage.y(imageX, imageY), 1e-12);
  }

  /** 5 x 3 pixels become 9 x 5 (1.8 times 3 is 5.4), with two rows of ground on either side. */
  @Test
  void aWideImageStandsInTheMiddleOfALetterbox() {
    Resize.View view = new Resize.Letterbox(9, 9, 4, Interpolation.BILINEAR).view(5, 3);
    assertEquals(9, view.width());
    assertEquals(9, view.height());
    assertEquals(4, view.fill());
    assertEquals(Interpolation.BILINEAR, view.interpolation());
    assertLeads(view.toImage(), 0, 2, 0, 0);
    assertLeads(view.toImage(), 9, 7, 5, 3);
    assertLeads(view.toImage(), 4.5, 4.5, 2.5, 1.5);
    assertLeads(view.toImage(), 1.8, 2 + 5 / 3.0, 1, 1);
  }

  /** Of an odd number of columns of ground, the larger half is on the right. */
  @Test
  void aTallImageStandsInTheMiddleOfALetterbox() {
    Affine same = new Resize.Letterbox(8, 7, 0, Interpolation.NEAREST).view(3, 7).toImage();
    assertLeads(same, 2, 0, 0, 0);
    assertLeads(same, 5, 7, 3, 7);

    // half of 5 x 10 is 2.5 x 5, rounded to 3 x 5, with one column on the left and two on the right
    Affine half = new Resize.Letterbox(6, 5, 0, Interpolation.NEAREST).view(5, 10).toImage();
    assertLeads(half, 1, 0, 0, 0);
    assertLeads(half, 4, 5, 5, 10);
    assertLeads(half, 2, 1, 5 / 3.0, 2);
  }

  /** The tenth part of a pixel is still a pixel. */
  @Test
  void nothingVanishesInALetterbox() {
    Affine line = new Resize.Letterbox(10, 10, 0, Interpolation.NEAREST).view(1000, 1).toImage();
    assertLeads(line, 0, 4, 0, 0);
    assertLeads(line, 10, 5, 1000, 1);
    Affine column = new Resize.Letterbox(10, 10, 0, Interpolation.NEAREST).view(1, 1000).toImage();
    assertLeads(column, 4, 0, 0, 0);
    assertLeads(column, 5, 10, 1, 1000);
  }

  @Test
  void aLetterboxShowsTheImageAndTheGround() {
    byte[] pixels = {1, 2, 3, 4, 5, 6};
    Frame small =
        new Frame("2 x 3", ArrayImgs.unsignedBytes(pixels, 2, 3, 1), PixelSize.UNCALIBRATED);
    assertArrayEquals(
        new float[] {9, 1, 2, 9, 9, 9, 3, 4, 9, 9, 9, 5, 6, 9, 9},
        new Resize.Letterbox(5, 3, 9, Interpolation.NEAREST).read(small));
    assertArrayEquals(
        new float[] {9, 9, 1, 2, 3, 4, 5, 6, 9, 9, 9, 9},
        new Resize.Letterbox(2, 6, 9, Interpolation.NEAREST).read(small));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(
        SpyhopException.class, () -> new Resize.CenterCrop(10, 12, 8, Interpolation.BILINEAR));
    assertThrows(SpyhopException.class, () -> new Resize.Stretch(0, 8, Interpolation.BILINEAR));
    assertThrows(
        SpyhopException.class, () -> new Resize.Stretch(8, 1 << 20, Interpolation.BILINEAR));
    assertThrows(
        SpyhopException.class,
        () -> new Resize.Letterbox(8, 8, Double.NaN, Interpolation.BILINEAR));
  }

  @Test
  void sizesAreFromOneToTheLargest() {
    Interpolation kind = Interpolation.BILINEAR;
    for (int[] size : new int[][] {{0, 8}, {8, 0}, {16_385, 8}, {8, 16_385}, {-1, 8}}) {
      int w = size[0];
      int h = size[1];
      assertThrows(SpyhopException.class, () -> new Resize.Stretch(w, h, kind));
      assertThrows(SpyhopException.class, () -> new Resize.Cover(w, h, kind));
      assertThrows(SpyhopException.class, () -> new Resize.Letterbox(w, h, 0, kind));
      assertThrows(SpyhopException.class, () -> new Resize.CenterCrop(16_384, w, h, kind));
      assertThrows(SpyhopException.class, () -> new Resize.OfBox(0, w, h, 1));
    }
    assertThrows(SpyhopException.class, () -> new Resize.CenterCrop(16_385, 8, 8, kind));
    assertThrows(SpyhopException.class, () -> new Resize.OfBox(0, 8, 8, 0));
    assertThrows(SpyhopException.class, () -> new Resize.OfBox(-0.1, 8, 8, 1));
    assertThrows(SpyhopException.class, () -> new Resize.OfBox(10.1, 8, 8, 1));
    assertThrows(SpyhopException.class, () -> new Resize.OfBox(Double.NaN, 8, 8, 1));
    assertEquals(10, new Resize.OfBox(10, 8, 8, 1).margin());
    assertEquals(16_384, new Resize.Stretch(16_384, 1, kind).width());
    assertEquals(8, new Resize.CenterCrop(8, 8, 8, kind).side());
    assertEquals(1.0 / 64, new Resize.Scaled(1.0 / 64, 1).factor());
    assertEquals(16, new Resize.Scaled(16, 1).factor());
  }

  @Test
  void whatIsCutOutOfABoxIsShownAsItIsUpToAMultiple() {
    Resize.OfBox fit = new Resize.OfBox(0.1, 20, 10, 4);
    assertEquals(new BoxPicture(0.1, 20, 10), fit.picture());
    Resize.View view = fit.view(18, 9);
    assertEquals(20, view.width());
    assertEquals(12, view.height());
    assertEquals(Affine.IDENTITY, view.toImage());
  }

  @Test
  void onlySizesThatGoWithTheImageCareForMultiples() {
    assertEquals(new Resize.Scaled(0.5, 8), new Resize.Scaled(0.5, 4).withMultiple(8));
    assertEquals(
        new Resize.OfBox(0.1, 20, 10, 8), new Resize.OfBox(0.1, 20, 10, 4).withMultiple(8));
    Resize stretch = new Resize.Stretch(5, 3, Interpolation.BILINEAR);
    assertEquals(stretch, stretch.withMultiple(8));
    assertTrue(stretch.isFixed());
    assertFalse(new Resize.AnySize().isFixed());
    assertFalse(new Resize.Scaled(0.5, 8).isFixed());
    assertFalse(new Resize.OfBox(0.1, 20, 10, 8).isFixed());
  }

  /** 10 x 30 becomes 4 x 12, of which the middle begins at row 5: 12.5 rows of the image. */
  @Test
  void cropsTheMiddleOfATallImage() {
    Affine map = new Resize.CenterCrop(4, 3, 2, Interpolation.BILINEAR).view(10, 30).toImage();
    assertLeads(map, 0, 0, 0, 12.5);
    assertLeads(map, 3, 2, 7.5, 17.5);
  }

  /** A quarter turn about the middle moves pixels without mixing them. */
  @Test
  void aRotatedPieceIsTheTurnedImage() {
    Affine turn =
        Affine.translation(-3.5, -3.5)
            .then(Affine.rotation(Math.PI / 2))
            .then(Affine.translation(3.5, 3.5));
    Frame piece = Resampling.piece(frame(), turn, 7, 7);
    float[] read = new Resize.AnySize().read(piece);
    for (int y = 0; y < 7; y++) {
      for (int x = 0; x < 7; x++) assertEquals(value(6 - y, x), read[y * 7 + x], CLOSE);
    }
  }

  @Test
  void piecesReachBeyondTheImageByMirroring() {
    Frame piece = Resampling.piece(frame(), Affine.translation(-2, 0), 4, 2);
    float[] read = new Resize.AnySize().read(piece);
    assertArrayEquals(
        new float[] {value(2, 0), value(1, 0), value(0, 0), value(1, 0)},
        java.util.Arrays.copyOf(read, 4),
        1e-4f);
  }

  @Test
  void inverseLeadsBack() {
    Affine map = new Affine(2, 0.5, 3, -0.25, 1.5, -4);
    Affine both = map.then(map.inverse());
    assertEquals(7.5, both.x(7.5, -2), 1e-12);
    assertEquals(-2, both.y(7.5, -2), 1e-12);
    assertThrows(SpyhopException.class, () -> new Affine(1, 1, 0, 1, 1, 0).inverse());
  }

  @Test
  void coloursFitNetworksThatReadThem() {
    assertTrue(Colors.NONE.fits(3, 3));
    assertFalse(Colors.NONE.fits(1, 3));
    assertTrue(Colors.RGB.fits(3, 3));
    assertTrue(Colors.RGB.fits(1, 3));
    assertTrue(Colors.BGR.fits(1, 3));
    assertFalse(Colors.RGB.fits(1, 2));
    assertFalse(Colors.RGB.fits(2, 3));
  }

  @Test
  void aUnitIsACalibration() {
    assertFalse(PixelSize.UNCALIBRATED.isCalibrated());
    assertFalse(new PixelSize(0.5, 0.5, "pixel").isCalibrated());
    assertTrue(new PixelSize(1, 1, "\u00b5m").isCalibrated());
  }

  @Test
  void coloursAreOrderedAndGreyIsRepeated() {
    byte[] rgb = {10, 20, 30};
    Frame colour = new Frame("rgb", ArrayImgs.unsignedBytes(rgb, 1, 1, 3), PixelSize.UNCALIBRATED);
    Frame grey =
        new Frame("grey", ArrayImgs.unsignedBytes(new byte[] {7}, 1, 1, 1), PixelSize.UNCALIBRATED);
    Resize any = new Resize.AnySize();
    assertArrayEquals(new float[] {10, 20, 30}, any.read(Colors.RGB.arrange(colour)));
    assertArrayEquals(new float[] {30, 20, 10}, any.read(Colors.BGR.arrange(colour)));
    assertArrayEquals(new float[] {7, 7, 7}, any.read(Colors.BGR.arrange(grey)));
  }

  @Test
  void scalesAndRepeatsTheEdgeUpToAMultiple() {
    Resize.View view = new Resize.Scaled(0.5, 4).view(11, 7);
    assertEquals(8, view.width(), "5.5 rounds to 6, of 4s 8");
    assertEquals(4, view.height());
    assertEquals(2, view.toImage().x(1, 1));
    assertEquals(2, view.toImage().y(1, 1));
    float[] same = new Resize.Scaled(1, 4).read(frame());
    assertEquals(12 * 8 * 2, same.length);
    for (int i = 0; i < 96; i++) {
      assertEquals(value(Math.min(10, i % 12), Math.min(6, i / 12)), same[i], CLOSE);
    }
    assertThrows(SpyhopException.class, () -> new Resize.Scaled(0, 4));
    assertThrows(SpyhopException.class, () -> new Resize.Scaled(1, 0));
  }

  @Test
  void partsOfAViewAreThoseOfTheWhole() {
    Resize.View whole = new Resize.Scaled(0.6, 4).view(11, 7);
    float[] all = Resize.read(frame(), whole);
    float[] part = Resize.read(frame(), whole.part(4, 0, 4, 4));
    for (int i = 0; i < 16; i++) {
      assertEquals(all[i / 4 * whole.width() + 4 + i % 4], part[i], 1e-3);
    }
  }
}
