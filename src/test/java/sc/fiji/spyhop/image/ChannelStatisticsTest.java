package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

/** On images of several blocks. */
class ChannelStatisticsTest {

  private static final int WIDTH = 2048;
  private static final int HEIGHT = 1280;

  /** The upper part is 10, the lower 90, in a share that blocks do not respect. */
  private static Frame frame(int upperRows) {
    byte[] pixels = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (i / WIDTH < upperRows ? 10 : 90);
    return new Frame(
        "two levels", ArrayImgs.unsignedBytes(pixels, WIDTH, HEIGHT, 1), PixelSize.UNCALIBRATED);
  }

  /** By hand: with a share p of 10 the mean is 90 - 80 p, the variance 80 * 80 * p (1 - p). */
  @Test
  void momentsOfBlocksAreMerged() {
    for (int rows : new int[] {0, 320, 640, 1000, 1280}) {
      ChannelStatistics.Moments moments = new ChannelStatistics(frame(rows)).moments(0);
      double p = rows / (double) HEIGHT;
      assertEquals(90 - 80 * p, moments.mean(), 1e-6, rows + " rows");
      assertEquals(80 * Math.sqrt(p * (1 - p)), moments.deviation(), 1e-6, rows + " rows");
    }
  }

  /** Over a rectangle, whatever is around it: as of the rectangle by itself. */
  @Test
  void aPartIsMeasuredAsByItself() {
    Random random = new Random(5);
    short[] pixels = new short[2 * WIDTH * HEIGHT];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (short) random.nextInt(5000);
    Frame whole =
        new Frame(
            "noise", ArrayImgs.unsignedShorts(pixels, WIDTH, HEIGHT, 2), PixelSize.UNCALIBRATED);
    BitSet inside = new BitSet();
    for (int y = 100; y < 130; y++) inside.set(y * WIDTH + 1000, y * WIDTH + 1077);
    Frame part = whole.crop(1000, 100, 77, 30);
    Frame measured = whole.measuredOver(inside);
    for (Normalization n :
        List.of(
            new Normalization.Percentile(1, 99.8),
            new Normalization.MinMax(),
            new Normalization.ZScore())) {
      Intensity expected = n.fit(part);
      Intensity found = n.fit(measured);
      for (int c = 0; c < 2; c++) {
        assertEquals(expected.offset().get(c), found.offset().get(c), 1e-6, n.description());
        assertEquals(expected.scale().get(c), found.scale().get(c), 1e-9, n.description());
        assertNotEquals(n.fit(whole).offset().get(c), found.offset().get(c), n.description());
      }
      assertEquals(
          n.fit(part.stacked()).scale().get(0), n.fit(measured.stacked()).scale().get(0), 1e-9);
    }
    assertEquals(
        new Normalization.MinMax().fit(whole),
        new Normalization.MinMax().fit(whole.measuredOver(new BitSet())),
        "nothing is no part");
  }

  @Test
  void rangesOfBlocksAreMerged() {
    ChannelStatistics.Range range = new ChannelStatistics(frame(1000)).range(0);
    assertEquals(10, range.min());
    assertEquals(90, range.max());
  }

  /** Of 1280 rows, 320 are 10: up to a quarter of the ranks. */
  @Test
  void percentilesOfBlocksAreMerged() {
    double[] found = new ChannelStatistics(frame(320)).percentiles(0, 0, 24, 26, 100);
    assertEquals(10, found[0]);
    assertEquals(10, found[1]);
    assertEquals(90, found[2]);
    assertEquals(90, found[3]);
  }

  private static ChannelStatistics of(int width, int height, float... pixels) {
    int channels = pixels.length / width / height;
    return new ChannelStatistics(
        new Frame(
            "small", ArrayImgs.floats(pixels, width, height, channels), PixelSize.UNCALIBRATED));
  }

  @Test
  void channelsHaveTheirOwnMoments() {
    ChannelStatistics statistics = of(2, 1, 1, 3, 10, 20);
    assertEquals(new ChannelStatistics.Moments(2, 1), statistics.moments(0));
    assertEquals(new ChannelStatistics.Moments(15, 5), statistics.moments(1));
    assertEquals(new ChannelStatistics.Range(10, 20), statistics.range(1));
  }

  /** Of four values, the percentile 25 lies at index 0.75. */
  @Test
  void percentilesLieBetweenRanks() {
    double[] found = of(4, 1, 4, -2.5f, 10, 1.5f).percentiles(0, 0, 25, 50, 100);
    assertArrayEquals(new double[] {-2.5, 0.5, 2.75, 10}, found, 1e-12);
    assertArrayEquals(new double[] {-2}, of(3, 1, -1, -3, -2).percentiles(0, 50));
    assertArrayEquals(new double[] {0, 0}, of(2, 1, 0f, -0f).percentiles(0, 0, 100), 0);
    assertArrayEquals(new double[] {-1, 0, 1}, of(3, 1, 0, 1, -1).percentiles(0, 0, 50, 100), 0);
  }

  /** Floats whose upper sixteen bits are the same. */
  @Test
  void percentilesTellFloatsApartThatLieCloseTogether() {
    double[] found = of(3, 1, 1.002f, 1, 1.001f).percentiles(0, 0, 50, 100);
    assertArrayEquals(new double[] {1, 1.001f, 1.002f}, found);
  }

  @Test
  void theFirstPixelThatIsNotFiniteIsNamed() {
    float nan = Float.NaN;
    of(2, 2, 1, 2, 3, Float.MAX_VALUE).requireFinite();
    assertRefused("NaN at column 2, row 1.", of(3, 2, 1, 2, 3, 4, 5, nan));
    assertRefused("NaN at column 0, row 1, channel 2.", of(2, 2, 1, 2, 3, 4, 5, 6, nan, nan));
    assertRefused("Infinity at column 1, row 0.", of(2, 1, 1, Float.POSITIVE_INFINITY));
    assertRefused("NaN at column 0, row 0.", of(1, 1, nan));
    assertTrue(refusal(of(1, 1, nan)).endsWith("Process > Noise > Remove NaNs...)."));
    // which leaves these
    assertTrue(refusal(of(1, 1, 1 / 0f)).endsWith("Process > Math > Max...)."));
    assertTrue(refusal(of(1, 1, -1 / 0f)).endsWith("Process > Math > Min...)."));
  }

  private static String refusal(ChannelStatistics statistics) {
    return assertThrows(SpyhopException.class, statistics::requireFinite).getMessage();
  }

  private static void assertRefused(String where, ChannelStatistics statistics) {
    String message = refusal(statistics);
    assertTrue(message.startsWith("small: expected finite numbers, received " + where), message);
  }
}
