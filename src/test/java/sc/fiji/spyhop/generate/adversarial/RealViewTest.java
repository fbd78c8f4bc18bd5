package sc.fiji.spyhop.generate.adversarial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.LabelMap;

class RealViewTest {

  private static final GeneratorSpec.Output GREY = GeneratorSpec.Output.ofBytes(Colors.NONE);

  private static Sample<LabelMap> sample(int w, int h) {
    byte[] pixels = new byte[w * h];
    LabelMap labels = new LabelMap(w, h);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 251);
      if (i % w > w / 2) labels.set(i, 1);
    }
    Frame frame = new Frame("a", ArrayImgs.unsignedBytes(pixels, w, h, 1), PixelSize.UNCALIBRATED);
    return new Sample<>(frame, labels);
  }

  private static RealView<LabelMap> view(
      Shape shape, boolean crops, boolean each, RealView.Symmetry symmetry) {
    return new RealView<>(GREY, shape, crops, each, symmetry, Optional.empty());
  }

  @Test
  void pixelValuesBecomeMinusOneToOne() {
    float[] values =
        view(Shape.of(1, 4, 5), false, false, RealView.Symmetry.NONE)
            .of(sample(5, 4), new Random(1));
    for (int i = 0; i < 20; i++) assertEquals(i / 127.5 - 1, values[i], 1e-6);
  }

  @Test
  void partsLieWithinTheImageAndDiffer() {
    RealView<LabelMap> view = view(Shape.of(1, 8, 8), true, false, RealView.Symmetry.NONE);
    Set<Long> places = new TreeSet<>();
    for (int seed = 0; seed < 40; seed++) {
      float[] values = view.of(sample(10, 9), new Random(seed));
      long first = Math.round((values[0] + 1) * 127.5);
      places.add(first);
      for (int i = 0; i < 64; i++) {
        assertEquals(first + i % 8 + i / 8 * 10, (values[i] + 1) * 127.5, 1e-3);
      }
    }
    assertEquals(Set.of(0L, 1L, 2L, 10L, 11L, 12L), places);
    String said =
        assertThrows(SpyhopException.class, () -> view.of(sample(7, 9), new Random(1)))
            .getMessage();
    assertTrue(said.contains("at least 8 x 8 pixels"), said);
  }

  @Test
  void aSquareHasEightOrientations() {
    RealView<LabelMap> view = view(Shape.of(1, 3, 3), false, false, RealView.Symmetry.ALL);
    Set<String> seen = new TreeSet<>();
    Random random = new Random(1);
    for (int draw = 0; draw < 200; draw++) {
      float[] v = view.of(sample(3, 3), random);
      StringBuilder text = new StringBuilder();
      for (float x : v) text.append(Math.round((x + 1) * 127.5));
      seen.add(text.toString());
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "012345678",
                "210543876",
                "678345012",
                "876543210",
                "036147258",
                "630741852",
                "258147036",
                "852741630")),
        seen);
    assertThrows(
        SpyhopException.class, () -> view(Shape.of(1, 3, 4), false, false, RealView.Symmetry.ALL));
  }

  /** Of 0 to 250 in 25 by 10 pixels, percentiles 1 and 99.8 are about 2.5 and 249.5. */
  @Test
  void eachImageMayHaveItsOwnRange() {
    float[] values =
        view(Shape.of(1, 10, 25), false, true, RealView.Symmetry.NONE)
            .of(sample(25, 10), new Random(1));
    assertEquals(-1, values[0], 1e-6);
    assertEquals(1, values[249], 1e-3);
    assertEquals(0, values[126], 0.02);
  }

  @Test
  void labelsFollowTheImage() {
    RealView<LabelMap> view =
        new RealView<>(
            GREY, Shape.of(2, 8, 8), true, false, RealView.Symmetry.ALL, Optional.of(l -> l));
    for (int seed = 0; seed < 20; seed++) {
      float[] v = view.of(sample(16, 15), new Random(seed));
      for (int i = 0; i < 64; i++) {
        long pixel = Math.round((v[i] + 1) * 127.5);
        assertEquals(pixel % 16 > 8, v[64 + i] > 0, "pixel " + pixel);
      }
    }
  }

  @Test
  void otherChannelsAreRefused() {
    Frame three =
        new Frame("b", ArrayImgs.unsignedBytes(new byte[12], 2, 2, 3), PixelSize.UNCALIBRATED);
    RealView<String> view =
        new RealView<>(
            GREY, Shape.of(1, 2, 2), false, false, RealView.Symmetry.NONE, Optional.empty());
    String said =
        assertThrows(SpyhopException.class, () -> view.of(new Sample<>(three, ""), new Random(1)))
            .getMessage();
    assertTrue(said.contains("expected an image of 1 channel"), said);
    assertArrayEquals(
        new int[] {1, 2, 2}, new int[] {view.channels(), view.height(), view.width()});
  }
}
