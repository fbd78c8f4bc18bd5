package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.stain.ColorMap;
import sc.fiji.spyhop.image.stain.StainLook;
import sc.fiji.spyhop.image.stain.StainMethod;

/** Stains are measured over whole frames, and change every part of them alike. */
class StainedTest {

  private static final int WIDTH = 60;
  private static final int HEIGHT = 50;

  private static Frame tissue(double strength) {
    byte[] all = new byte[3 * WIDTH * HEIGHT];
    double[][] stains = {{0.65, 0.70, 0.29}, {0.27, 0.90, 0.34}};
    int plane = WIDTH * HEIGHT;
    for (int i = 0; i < plane; i++) {
      double a = i * 37 % 101 / 100.0 * strength;
      double b = i * 53 % 97 / 96.0 * strength;
      for (int c = 0; c < 3; c++) {
        double density = a * stains[0][c] + b * stains[1][c];
        all[c * plane + i] = (byte) Math.round(256 * Math.exp(-density) - 1);
      }
    }
    return frame(all);
  }

  private static Frame frame(byte... rgb) {
    return new Frame(
        "tissue", ArrayImgs.unsignedBytes(rgb, WIDTH, HEIGHT, 3), PixelSize.UNCALIBRATED);
  }

  private static float[] values(Frame frame) {
    float[] all = new float[3 * frame.width() * frame.height()];
    new FloatBlocks(frame).readAll(all);
    return all;
  }

  private static StainLook look(Frame frame, StainMethod method) {
    return StainSample.look(frame, method).orElseThrow();
  }

  private static final Normalization FIXED =
      new Normalization.Fixed(List.of(0.0), List.of(1 / 255.0));

  @Test
  void colorsChangeBeforeIntensities() {
    Frame frame = tissue(1.4);
    StainLook reference = look(tissue(0.7), StainMethod.MACENKO);
    Intensity intensity = new Normalization.Stained(reference, FIXED).fit(frame);
    float[] found = values(frame);
    intensity.apply(found, 3);
    float[] expected = values(frame);
    look(frame, StainMethod.MACENKO).to(reference).mapAll(expected);
    for (int i = 0; i < expected.length; i++) expected[i] /= 255;
    assertArrayEquals(expected, found, 1e-5f);
  }

  /** What is measured of intensities is measured where colours are those of the reference. */
  @Test
  void intensitiesAreMeasuredInTheNewColors() {
    Frame strong = tissue(1.4);
    Normalization mean = new Normalization.ZScore();
    StainLook reference = look(tissue(0.7), StainMethod.REINHARD);
    Intensity found = new Normalization.Stained(reference, mean).fit(strong);
    Intensity plain = mean.fit(tissue(0.7));
    for (int c = 0; c < 3; c++) {
      assertEquals(plain.offset().get(c), found.offset().get(c), 3, "mean of channel " + c);
    }
    assertTrue(Math.abs(mean.fit(strong).offset().get(1) - plain.offset().get(1)) > 20);
  }

  @Test
  void aPartIsChangedAsTheWhole() {
    Frame whole = tissue(1.2);
    StainLook reference = look(tissue(0.7), StainMethod.MACENKO);
    Intensity intensity = new Normalization.Stained(reference, FIXED).fit(whole);
    float[] all = values(whole);
    intensity.apply(all, 3);
    Frame part = whole.crop(11, 7, 20, 9);
    float[] own = values(part);
    intensity.apply(own, 3);
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 9; y++) {
        for (int x = 0; x < 20; x++) {
          assertEquals(
              all[(c * HEIGHT + y + 7) * WIDTH + x + 11], own[(c * 9 + y) * 20 + x], 1e-7f);
        }
      }
    }
  }

  @Test
  void framesWithoutTissueKeepTheirColors() {
    byte[] white = new byte[3 * WIDTH * HEIGHT];
    java.util.Arrays.fill(white, (byte) 250);
    Frame frame = frame(white);
    StainLook reference = look(tissue(0.7), StainMethod.MACENKO);
    assertSame(ColorMap.NONE, StainSample.map(frame, reference));
    assertSame(frame, StainSample.like(frame, reference));
  }

  /** White pixels beside the tissue that counts change nothing of what is measured. */
  @Test
  void onlyPixelsThatCountAreMeasured() {
    Frame frame = tissue(1);
    BitSet upper = new BitSet();
    upper.set(0, WIDTH * 20);
    StainLook part = look(frame.measuredOver(upper), StainMethod.REINHARD);
    assertEquals(look(frame.crop(0, 0, WIDTH, 20), StainMethod.REINHARD), part);
  }

  @Test
  void otherImagesAreRefused() {
    Normalization stained =
        new Normalization.Stained(look(tissue(0.7), StainMethod.MACENKO), FIXED);
    Frame grey = new Frame("grey", ArrayImgs.unsignedBytes(9, 9, 1), PixelSize.UNCALIBRATED);
    assertTrue(
        assertThrows(SpyhopException.class, () -> stained.fit(grey))
            .getMessage()
            .contains("colour"));
    Frame deep =
        new Frame(
            "deep", ArrayImgs.floats(new float[] {300, 300, 300}, 1, 1, 3), PixelSize.UNCALIBRATED);
    assertTrue(
        assertThrows(SpyhopException.class, () -> stained.fit(deep)).getMessage().contains("RGB"));
    StainLook look = look(tissue(0.7), StainMethod.MACENKO);
    assertThrows(IllegalArgumentException.class, () -> new Normalization.Stained(look, stained));
  }
}
