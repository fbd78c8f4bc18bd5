package sc.fiji.spyhop.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import net.imglib2.Cursor;
import net.imglib2.RandomAccess;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.sample.NucleiGenerator.Settings;

class NucleiGeneratorTest {

  private static final PixelSize HALF = new PixelSize(0.5, 0.5, "µm");

  private static double[] pixels(SyntheticImage image) {
    int w = image.frame().width();
    double[] values = new double[w * image.frame().height()];
    RandomAccess<? extends RealType<?>> at = image.frame().pixels().randomAccess();
    for (int i = 0; i < values.length; i++) {
      values[i] = at.setPositionAndGet(i % w, i / w, 0).getRealDouble();
    }
    return values;
  }

  private static String sha256(SyntheticImage image) throws Exception {
    double[] values = pixels(image);
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (int i = 0; i < values.length; i++) {
      bytes.putShort((short) values[i]).putShort((short) image.labels().get(i));
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
    return HexFormat.of().formatHex(digest);
  }

  /**
   * Images of a seed are promised to stay the same. If this fails, the change is to be told in the
   * changelog, and the files in test-images are to be made again.
   */
  @Test
  void imagesStayWhatTheyAre() throws Exception {
    assertEquals(
        "d6eab98fbc69e9e649eeae3bb937d91ab998647cfe02c4b34520f7b6cabd925b",
        sha256(NucleiGenerator.ofSeries(1, 0, 96, 64)));
    assertEquals(
        "70d2cbc4e99be0c2e9d8c797720400a5ee98e74fadfd53310e337780b2bcec08",
        sha256(NucleiGenerator.ofSeries(1, 3, 64, 96)));
  }

  @Test
  void testImagesAreWhatTheGeneratorPaints() {
    Path folder = Path.of("test-images", "nuclei");
    ImageFiles files = new ImageFiles();
    for (int i = 0; i < 5; i++) {
      SyntheticImage painted = NucleiGenerator.ofSeries(1, i, 192, 192);
      String file = painted.name() + ".tif";
      Frame kept = files.readFrame(folder.resolve("images").resolve(file));
      LabelMap truth = files.readLabels(folder.resolve("labels").resolve(file));
      assertEquals(painted.labels(), truth, file);
      assertEquals(painted.frame().pixelSize(), kept.pixelSize(), file);
      assertArrayEquals(
          pixels(painted), pixels(new SyntheticImage(kept, truth, painted.subset())), file);
    }
  }

  @Test
  void theSeedDecides() throws Exception {
    String first = sha256(NucleiGenerator.ofSeries(8, 2, 64, 64));
    assertEquals(first, sha256(NucleiGenerator.ofSeries(8, 2, 64, 64)));
    assertTrue(!first.equals(sha256(NucleiGenerator.ofSeries(9, 2, 64, 64))));
    assertTrue(!first.equals(sha256(NucleiGenerator.ofSeries(8, 3, 64, 64))));
  }

  @Test
  void anImageIsWhatItsSettingsSay() {
    SyntheticImage image = NucleiGenerator.ofSeries(2, 7, 300, 123);
    assertEquals("nuclei_007", image.name());
    assertEquals("train", image.subset());
    assertEquals("test", NucleiGenerator.ofSeries(2, 9, 8, 8).subset());
    assertEquals(300, image.frame().width());
    assertEquals(123, image.frame().height());
    assertEquals(1, image.frame().channels());
    assertEquals(HALF, image.frame().pixelSize());
    assertEquals(300, image.labels().width());
    assertEquals(123, image.labels().height());
    assertEquals(16, image.frame().pixels().getType().getBitsPerPixel());
    assertEquals(
        8, NucleiGenerator.ofSeries(2, 6, 9, 9).frame().pixels().getType().getBitsPerPixel());
  }

  /** Every label from 1 on is there, and is one piece. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void labelsAreWholeAndWithoutGaps(long seed) {
    LabelMap labels = NucleiGenerator.ofSeries(seed, (int) seed, 400, 300).labels();
    int[] areas = new int[labels.max() + 1];
    for (int i = 0; i < labels.size(); i++) areas[labels.get(i)]++;
    int pieces = pieces(labels);
    for (int i = 1; i < areas.length; i++) assertTrue(areas[i] > 0, "label " + i);
    assertEquals(areas.length - 1, pieces);
  }

  /** Counts connected regions (8 neighbours) of equal labels by flooding. */
  private static int pieces(LabelMap labels) {
    boolean[] seen = new boolean[labels.size()];
    int w = labels.width();
    int count = 0;
    for (int start = 0; start < seen.length; start++) {
      if (seen[start] || labels.get(start) == 0) continue;
      count++;
      ArrayDeque<Integer> open = new ArrayDeque<>();
      open.add(start);
      seen[start] = true;
      while (!open.isEmpty()) {
        int at = open.poll();
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            int x = at % w + dx;
            int y = at / w + dy;
            if (x < 0 || y < 0 || x >= w || y >= labels.height()) continue;
            int next = y * w + x;
            if (seen[next] || labels.get(next) != labels.get(at)) continue;
            seen[next] = true;
            open.add(next);
          }
        }
      }
    }
    return count;
  }

  private static Settings plain(int size, double radius, double coverage, double haze) {
    return new Settings(size, size, 16, HALF, radius, coverage, 0.5, 0.5, 0.8, haze, 0, 500);
  }

  @Test
  void nucleiAreBrighterThanWhatIsBetweenThem() {
    SyntheticImage image =
        NucleiGenerator.generate("n", "train", plain(400, 9, 0.15, 0.02), 4, Progress.NONE);
    double[] values = pixels(image);
    double inside = 0;
    double outside = 0;
    int area = 0;
    for (int i = 0; i < values.length; i++) {
      if (image.labels().get(i) > 0) {
        inside += values[i];
        area++;
      } else {
        outside += values[i];
      }
    }
    double background = outside / (values.length - area);
    assertTrue(inside / area > 4 * background, inside / area + " and " + background);
    assertEquals(0.15, (double) area / values.length, 0.05);
  }

  @Test
  void someNucleiTouch() {
    LabelMap labels =
        NucleiGenerator.generate("n", "train", plain(400, 9, 0.2, 0.02), 4, Progress.NONE).labels();
    int contacts = 0;
    for (int y = 0; y < 400; y++) {
      for (int x = 1; x < 400; x++) {
        int a = labels.get(x - 1, y);
        int b = labels.get(x, y);
        if (a != b && a * b != 0) contacts++;
      }
    }
    assertTrue(contacts > 50, contacts + " pixels in contact");
  }

  /** Photon transfer: the variance of the background rises linearly with its mean. */
  @Test
  void noiseIsThatOfPhotons() {
    double[][] seen = new double[3][];
    for (int k = 0; k < 3; k++) seen[k] = meanAndVariance(0.25 * (1 << k));
    double gain = (seen[2][1] - seen[0][1]) / (seen[2][0] - seen[0][0]);
    assertTrue(gain > 0);
    double expected = seen[0][1] + gain * (seen[1][0] - seen[0][0]);
    assertEquals(expected, seen[1][1], 0.06 * expected);
  }

  private static double[] meanAndVariance(double haze) {
    Settings s = new Settings(200, 200, 16, HALF, 9, 0, 0, 0, 0, haze, 0, 100);
    double[] v = pixels(NucleiGenerator.generate("n", "train", s, 4, Progress.NONE));
    double sum = 0;
    double squares = 0;
    for (int i = 1; i < v.length; i++) {
      sum += v[i];
      squares += (v[i] - v[i - 1]) * (v[i] - v[i - 1]);
    }
    return new double[] {sum / (v.length - 1), squares / (v.length - 1) / 2};
  }

  /** No seam where tiles of the painter meet: pixels differ there no more than elsewhere. */
  @Test
  void tilesOfThePainterLeaveNoSeam() {
    Settings s = new Settings(600, 512, 16, HALF, 14, 0.3, 0.3, 0.5, 2, 0.1, 0, 1e5);
    double[] v = pixels(NucleiGenerator.generate("n", "train", s, 4, Progress.NONE));
    double seam = 0;
    double usual = 0;
    for (int y = 0; y < 512; y++) {
      seam += Math.abs(v[y * 600 + 256] - v[y * 600 + 255]);
      for (int x = 200; x < 240; x++) usual += Math.abs(v[y * 600 + x + 1] - v[y * 600 + x]) / 40;
    }
    assertTrue(seam < 2 * usual, seam + " and " + usual);
  }

  @Test
  void manyNucleiGetLabelsBeyondSixteenBits() {
    Settings s = new Settings(2000, 2000, 8, HALF, 2, 0.4, 0, 0, 0, 0.02, 0, 200);
    LabelMap labels = NucleiGenerator.generate("n", "train", s, 4, Progress.NONE).labels();
    assertTrue(labels.max() > 0xFFFF, labels.max() + " nuclei");
  }

  @Test
  void anImageMayBeEmptyOrTiny() {
    SyntheticImage empty =
        NucleiGenerator.generate("n", "train", plain(50, 9, 0, 0.02), 4, Progress.NONE);
    assertEquals(0, empty.labels().max());
    Cursor<?> one = Views.iterable(NucleiGenerator.ofSeries(1, 0, 1, 1).frame().pixels()).cursor();
    one.fwd();
    assertTrue(!one.hasNext());
  }

  @Test
  void paintingCanBeCancelled() {
    Progress stop =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    Settings settings = plain(400, 9, 0.2, 0.02);
    assertThrows(
        CancellationException.class,
        () -> NucleiGenerator.generate("n", "train", settings, 4, stop));
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> plain(0, 9, 0.2, 0.02));
    assertThrows(IllegalArgumentException.class, () -> plain(60_000, 9, 0.2, 0.02));
    assertThrows(IllegalArgumentException.class, () -> plain(100, 1, 0.2, 0.02));
    assertThrows(IllegalArgumentException.class, () -> plain(100, 9, 0.9, 0.02));
  }
}
