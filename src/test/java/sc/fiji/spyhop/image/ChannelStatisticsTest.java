package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;

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
}
