package sc.fiji.spyhop.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CameraNoiseTest {

  private static final int N = 40_000;

  /** Mean and variance of many pixels of one value. */
  private static void assertMoments(double value, double gain, double read) {
    float[] values = new float[N];
    Arrays.fill(values, (float) value);
    new CameraNoise(gain, read).add(values, new SplittableRandom(4));
    double mean = 0;
    for (float v : values) mean += v / N;
    double variance = 0;
    for (float v : values) variance += (v - mean) * (v - mean) / N;
    double expected = gain * Math.max(0, value) + read * read;
    // five deviations of a mean, and about five of a variance
    assertEquals(Math.max(0, value), mean, 5 * Math.sqrt(expected / N));
    assertEquals(expected, variance, 0.05 * expected);
  }

  @Test
  void varianceGrowsWithPhotons() {
    assertMoments(40, 4, 0);
    assertMoments(40, 4, 8);
    assertMoments(3, 6, 1);
    assertMoments(-5, 4, 8);
    assertMoments(9000, 2, 5);
  }

  @Test
  void aCameraHasAGain() {
    assertThrows(IllegalArgumentException.class, () -> new CameraNoise(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new CameraNoise(1, -1));
  }
}
