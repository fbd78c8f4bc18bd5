package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class AugmenterTest {

  private static final Range ONE = new Range(1, 1);

  /** Pixel (x, y) of channel c is 1000 c + 10 y + x; its label 10 y + x + 1. */
  private static Patch numbered(int width, int height, int channels) {
    float[] data = new float[channels * width * height];
    LabelMap truth = new LabelMap(width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          data[(c * height + y) * width + x] = 1000 * c + 10 * y + x;
        }
        truth.set(x, y, 10 * y + x + 1);
      }
    }
    return new Patch(new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, data), truth);
  }

  private static Patch apply(Augmentation a, int size, Patch image, double x, double y, long seed) {
    return new Augmenter(a, size, false).apply(image, x, y, new SplittableRandom(seed));
  }

  private static int[] top(Patch p) {
    int[] values = new int[p.width()];
    for (int x = 0; x < values.length; x++) values[x] = (int) p.pixels().get(0, 0, 0, x);
    return values;
  }

  private static void assertTruthMovedWithPixels(Patch p) {
    for (int y = 0; y < p.height(); y++) {
      for (int x = 0; x < p.width(); x++) {
        assertEquals(p.pixels().get(0, 0, y, x) + 1, p.truth().get(x, y));
        assertEquals(p.pixels().get(0, 0, y, x) + 1000, p.pixels().get(0, 1, y, x));
      }
    }
  }

  /** Odd pixels are objects of class 1, even ones of class 0: each pixel says it. */
  @Test
  void classesMoveWithTheirObjects() {
    Patch image = numbered(9, 8, 1);
    Map<Integer, Integer> classes = new HashMap<>();
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 9; x++) {
        if (x != 4) classes.put(10 * y + x + 1, (10 * y + x) % 2);
      }
    }
    Patch known = new Patch(image.pixels(), image.truth().withClasses(new ObjectClasses(classes)));
    Augmentation any = Augmentation.NONE.withFlips(true, true).withQuarterTurns(true);
    for (long seed = 0; seed < 20; seed++) {
      Patch p = new Augmenter(any, 6, true).apply(known, 1, 2, new SplittableRandom(seed));
      for (int y = 0; y < 6; y++) {
        for (int x = 0; x < 6; x++) {
          int value = (int) p.pixels().get(0, 0, y, x);
          int expected = value % 10 == 4 ? ObjectClasses.UNKNOWN : value % 2;
          assertEquals(expected, p.truth().classes().of(p.truth().get(x, y)));
        }
      }
    }
  }

  @Test
  void withoutAnythingItIsACrop() {
    Patch p = apply(Augmentation.NONE, 4, numbered(9, 8, 2), 3.5, 4.5, 1);
    assertArrayEquals(new int[] {32, 33, 34, 35}, top(p));
    assertEquals(65, (int) p.pixels().get(0, 0, 3, 3));
    assertTruthMovedWithPixels(p);
  }

  @Test
  void outsideTheImageIsMirroredWithTheEdgePixelRepeated() {
    Patch p = apply(Augmentation.NONE, 7, numbered(3, 3, 2), 1, 1, 1);
    assertArrayEquals(new int[] {11, 10, 10, 11, 12, 12, 11}, top(p));
    assertTruthMovedWithPixels(p);
  }

  /** Of the four corners of a square, the first row's ends say which of the eight maps it was. */
  @Test
  void flipsAndQuarterTurnsAreExactAndAllOccur() {
    Augmentation dihedral = Augmentation.NONE.withFlips(true, true).withQuarterTurns(true);
    Set<String> seen = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      for (int size = 3; size <= 4; size++) {
        double middle = 2 + (size - 1) / 2.0;
        Patch p = apply(dihedral, size, numbered(9, 8, 2), middle, middle, seed);
        assertTruthMovedWithPixels(p);
        int first = 2;
        int last = first + size - 1;
        int[] row = top(p);
        Set<Integer> corners =
            Set.of(10 * first + first, 10 * first + last, 10 * last + first, 10 * last + last);
        assertTrue(corners.contains(row[0]) && corners.contains(row[size - 1]));
        if (size == 3) seen.add(row[0] + " " + row[2]);
      }
    }
    assertEquals(8, seen.size(), seen.toString());
  }

  @Test
  void eachFlipAloneTurnsTheSideItIsNamedAfter() {
    Set<String> horizontal = new HashSet<>();
    Set<String> vertical = new HashSet<>();
    for (long seed = 0; seed < 40; seed++) {
      Patch image = numbered(3, 3, 2);
      Patch h = apply(Augmentation.NONE.withFlips(true, false), 3, image, 1, 1, seed);
      Patch v = apply(Augmentation.NONE.withFlips(false, true), 3, image, 1, 1, seed);
      horizontal.add(top(h)[0] + " " + top(h)[2]);
      vertical.add(top(v)[0] + " " + top(v)[2]);
    }
    assertEquals(Set.of("0 2", "2 0"), horizontal);
    assertEquals(Set.of("0 2", "20 22"), vertical);
  }

  /** A linear ramp stays one under any affine map, so its values give the map away. */
  @Test
  void affineMapsAreRotationsScalesAndShearsAroundTheMiddle() {
    int n = 64;
    float[] data = new float[2 * n * n];
    for (int i = 0; i < n * n; i++) {
      data[i] = i % n;
      data[n * n + i] = i / n;
    }
    Patch image =
        new Patch(new Tensor(Axes.NCHW, new int[] {1, 2, n, n}, data), new LabelMap(n, n));
    Set<Long> angles = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      Augmentation rotation = Augmentation.NONE.withAffine(1, 180, new Range(0.5, 2), 0);
      Patch p = apply(rotation, 9, image, 31.25, 30.5, seed);
      double x0 = p.pixels().get(0, 0, 4, 4);
      double y0 = p.pixels().get(0, 1, 4, 4);
      assertEquals(31.25, x0, 1e-4);
      assertEquals(30.5, y0, 1e-4);
      double ux = p.pixels().get(0, 0, 4, 5) - x0;
      double uy = p.pixels().get(0, 1, 4, 5) - y0;
      double vx = p.pixels().get(0, 0, 5, 4) - x0;
      double vy = p.pixels().get(0, 1, 5, 4) - y0;
      assertEquals(ux, vy, 1e-4);
      assertEquals(-uy, vx, 1e-4);
      double zoom = Math.hypot(ux, uy);
      assertTrue(zoom > 0.5 - 1e-4 && zoom < 2 + 1e-4, "zoom " + zoom);
      angles.add(Math.round(Math.toDegrees(Math.atan2(uy, ux)) / 20));

      Augmentation shear = Augmentation.NONE.withAffine(1, 0, ONE, 30);
      Patch q = apply(shear, 9, image, 31, 30, seed);
      assertEquals(1, q.pixels().get(0, 0, 4, 5) - 31, 1e-4);
      assertEquals(0, q.pixels().get(0, 1, 4, 5) - 30, 1e-4);
      assertTrue(Math.abs(q.pixels().get(0, 0, 5, 4) - 31) <= Math.tan(Math.PI / 6) + 1e-4);
      assertEquals(1, q.pixels().get(0, 1, 5, 4) - 30, 1e-4);
    }
    assertTrue(angles.size() > 8, "angles " + angles);
  }

  @Test
  void truthFollowsAnAffineMapToTheNearestPixel() {
    int n = 64;
    float[] data = new float[n * n];
    LabelMap truth = new LabelMap(n, n);
    Random random = new Random(3);
    for (int i = 0; i < n * n; i++) {
      int label = random.nextInt(5);
      data[i] = 0;
      truth.set(i, label);
    }
    for (int i = 0; i < n * n; i++) data[i] = truth.get(i);
    Patch image = new Patch(new Tensor(Axes.NCHW, new int[] {1, 1, n, n}, data), truth);
    Augmentation tiny = Augmentation.NONE.withAffine(1, 0.01, ONE, 0);
    Patch p = apply(tiny, 16, image, 31.5, 31.5, 5);
    for (int i = 0; i < 256; i++) {
      assertEquals(p.truth().get(i), p.pixels().data()[i], 0.05);
    }
  }

  @Test
  void intensitiesFollowTheFormula() {
    Augmentation a =
        Augmentation.NONE.withIntensity(new Range(2, 2), new Range(0.5, 0.5), new Range(3, 3));
    Patch image =
        new Patch(
            new Tensor(Axes.NCHW, new int[] {1, 1, 1, 1}, new float[] {-0.5f}), new LabelMap(1, 1));
    Patch p = apply(a, 1, image, 0, 0, 1);
    assertEquals(2 * -0.125 + 0.5, p.pixels().data()[0], 1e-6);
  }

  @Test
  void noiseHasTheDeviationAskedFor() {
    Patch flat = new Patch(Tensor.zeros(Axes.NCHW, 1, 1, 100, 100), new LabelMap(100, 100));
    Augmentation a = Augmentation.NONE.withQuality(new Range(0.2, 0.2), new Range(0, 0));
    float[] noise = apply(a, 100, flat, 49.5, 49.5, 7).pixels().data();
    double sum = 0;
    double squares = 0;
    for (float v : noise) {
      sum += v;
      squares += v * v;
    }
    assertEquals(0, sum / noise.length, 0.01);
    assertEquals(0.2, Math.sqrt(squares / noise.length), 0.01);
  }

  @Test
  void blurSpreadsAPointIntoAGaussianAndKeepsItsSum() {
    Tensor point = Tensor.zeros(Axes.NCHW, 1, 1, 31, 31);
    point.data()[15 * 31 + 15] = 1;
    Augmentation a = Augmentation.NONE.withQuality(new Range(0, 0), new Range(2, 2));
    Patch p = apply(a, 31, new Patch(point, new LabelMap(31, 31)), 15, 15, 1);
    double sum = 0;
    for (float v : p.pixels().data()) sum += v;
    assertEquals(1, sum, 1e-5);
    assertEquals(1 / (2 * Math.PI * 4), p.pixels().get(0, 0, 15, 15), 2e-3);
    assertEquals(
        Math.exp(-(9 + 4) / 8.0),
        p.pixels().get(0, 0, 18, 13) / p.pixels().get(0, 0, 15, 15),
        1e-4);
  }

  @Test
  void piecesOfAnObjectBecomeObjectsOfTheirOwn() {
    // A bridge above the crop joins both pieces of label 7; 9 touches one of them at a corner.
    LabelMap truth = new LabelMap(6, 6);
    for (int x = 0; x < 6; x++) truth.set(x, 0, 7);
    for (int y = 1; y < 3; y++) {
      truth.set(1, y, 7);
      truth.set(4, y, 7);
    }
    truth.set(2, 3, 9);
    Patch image = new Patch(Tensor.zeros(Axes.NCHW, 1, 1, 6, 6), truth);
    SplittableRandom random = new SplittableRandom(1);
    Patch objects = new Augmenter(Augmentation.NONE, 4, true).apply(image, 2.5, 2.5, random);
    assertEquals(1, objects.truth().get(0, 0));
    assertEquals(2, objects.truth().get(3, 0));
    assertEquals(3, objects.truth().get(1, 2));
    Patch classes = new Augmenter(Augmentation.NONE, 4, false).apply(image, 2.5, 2.5, random);
    assertEquals(7, classes.truth().get(0, 0));
    assertEquals(7, classes.truth().get(3, 0));
  }

  @Test
  void theSameSeedGivesTheSamePatch() {
    Augmentation all =
        Augmentation.DEFAULT.withQuality(new Range(0, 0.1), new Range(0, 1)).withFlips(true, true);
    Patch image = numbered(20, 20, 2);
    Patch a = apply(all, 16, image, 9, 10, 42);
    Patch b = apply(all, 16, image, 9, 10, 42);
    assertArrayEquals(a.pixels().data(), b.pixels().data());
    assertEquals(a.truth(), b.truth());
    assertNotEquals(a.truth(), apply(all, 16, image, 9, 10, 43).truth());
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThrows(SpyhopException.class, () -> new Range(2, 1));
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> Augmentation.NONE.withAffine(1, 200, ONE, 0));
    assertEquals(
        "Augmentation: expected rotation from 0.0 to 180.0, received 200.0.", e.getMessage());
  }
}
