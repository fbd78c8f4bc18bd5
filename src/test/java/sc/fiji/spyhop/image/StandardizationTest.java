package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class StandardizationTest {

  /** One column of pixels in each channel. */
  private static Frame frame(int height, float... pixels) {
    return new Frame(
        "a.tif",
        ArrayImgs.floats(pixels, 1, height, pixels.length / height),
        PixelSize.UNCALIBRATED);
  }

  /** 1, 3, 8, 8 and 5 have the mean 5 and the variance (16 + 4 + 9 + 9) / 5. */
  @Test
  void everyPixelCountsAlike() {
    Standardization of = new Standardization(2);
    of.add(frame(2, 1, 3, 5, 5));
    of.add(frame(3, 8, 8, 5, 5, 5, 5));
    Normalization.Fixed fixed = of.normalization();
    assertEquals(5, fixed.offset().get(0), 1e-6);
    assertEquals(Math.sqrt(5 / 38.0), fixed.scale().get(0), 1e-6);
    assertEquals(List.of(5.0, 1.0), List.of(fixed.offset().get(1), fixed.scale().get(1)));
  }

  @Test
  void imagesOfOtherChannelsAreRefused() {
    String message =
        assertThrows(SpyhopException.class, () -> new Standardization(2).add(frame(1, 8)))
            .getMessage();
    assertEquals("a.tif: expected an image of 2 channels, received 1.", message);
  }
}
