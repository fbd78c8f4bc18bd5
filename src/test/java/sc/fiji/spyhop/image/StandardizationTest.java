package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class StandardizationTest {

  private static Frame frame(int width, float... pixels) {
    return new Frame(
        "a.tif", ArrayImgs.floats(pixels, width, 1, pixels.length / width), PixelSize.UNCALIBRATED);
  }

  /** 1, 3 and 8 have the mean 4 and the variance (9 + 1 + 16) / 3. */
  @Test
  void everyPixelCountsAlike() {
    Standardization of = new Standardization(2);
    of.add(frame(2, 1, 3, 5, 5));
    of.add(frame(1, 8, 5));
    Normalization.Fixed fixed = of.normalization();
    assertEquals(4, fixed.offset().get(0), 1e-12);
    assertEquals(Math.sqrt(3 / 26.0), fixed.scale().get(0), 1e-12);
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
