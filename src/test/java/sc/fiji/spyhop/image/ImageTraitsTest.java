package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;

class ImageTraitsTest {

  private static final Intensity AS_IT_IS = new Intensity(List.of(0.0), List.of(1.0));

  private static ImageTraits traits(int w, int h, IntBinaryOperator milli) {
    float[] values = new float[w * h];
    for (int i = 0; i < values.length; i++) values[i] = milli.applyAsInt(i % w, i / w) / 1000f;
    Frame frame = new Frame("made", ArrayImgs.floats(values, w, h, 1), PixelSize.UNCALIBRATED);
    return ImageTraits.of(Shown.asItIs(frame, AS_IT_IS), AS_IT_IS).orElseThrow();
  }

  /** A quarter of the columns at 1: mean 1/4, variance 3/16, third moment 3/32. */
  @Test
  void momentsByHand() {
    ImageTraits t = traits(64, 64, (x, y) -> x % 4 == 0 ? 1000 : 0);
    assertEquals(0.25, t.brightness(), 1e-6);
    assertEquals(Math.log(Math.sqrt(3.0 / 16)), t.contrast(), 1e-6);
    double skewness = 3.0 / 32 / Math.pow(3.0 / 16, 1.5);
    assertEquals(Math.log1p(skewness), t.skewness(), 1e-6);
    assertEquals(0, t.color());
    ImageTraits inverted = traits(64, 64, (x, y) -> x % 4 == 0 ? 0 : 1000);
    assertEquals(-t.skewness(), inverted.skewness(), 1e-6);
  }

  /** Of a sine of wavelength l, the mean square slope is (2 pi / l)^2 / 2 for a variance of 1/2. */
  @Test
  void textureFollowsTheSizeOfStructures() {
    for (int l : new int[] {32, 64}) {
      ImageTraits t =
          traits(256, 256, (x, y) -> (int) Math.round(500 + 500 * Math.sin(2 * Math.PI * x / l)));
      assertEquals(Math.log(Math.sqrt(2) * l / (2 * Math.PI)), t.texture(), 0.03);
      assertTrue(t.noise() < -4, "a smooth wave has no noise: " + t.noise());
    }
  }

  /** Immerkær's estimate is right for white noise, so that its share is 1. */
  @Test
  void noiseIsTold() {
    Random random = new Random(1);
    ImageTraits noise = traits(128, 128, (x, y) -> (int) (500 + 100 * random.nextGaussian()));
    assertEquals(0, noise.noise(), 0.02);
    ImageTraits even = traits(64, 64, (x, y) -> 17);
    assertEquals(0, even.noise());
    assertEquals(Math.log(1e-3), even.contrast(), 1e-9);
  }

  /** Red twice green and blue half of it: (1 - 1/4) / 1. */
  @Test
  void colorIsTheSaturationOfValuesAsTheyAre() {
    float[] values = new float[3 * 16];
    for (int i = 0; i < 16; i++) {
      values[i] = 200;
      values[16 + i] = 100;
      values[32 + i] = 50;
    }
    Frame frame = new Frame("made", ArrayImgs.floats(values, 4, 4, 3), PixelSize.UNCALIBRATED);
    Intensity raw = new Intensity(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    Intensity other = new Intensity(List.of(9.0, 9.0, 9.0), List.of(0.1, 0.2, 0.3));
    ImageTraits t = ImageTraits.of(Shown.asItIs(frame, raw), other).orElseThrow();
    assertEquals(0.75, t.color(), 1e-6);
  }

  @Test
  void verySmallImagesHaveNone() {
    Frame frame =
        new Frame("made", ArrayImgs.floats(new float[8], 4, 2, 1), PixelSize.UNCALIBRATED);
    assertTrue(ImageTraits.of(Shown.asItIs(frame, AS_IT_IS), AS_IT_IS).isEmpty());
  }
}
