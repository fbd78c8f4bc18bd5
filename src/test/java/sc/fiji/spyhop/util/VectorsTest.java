package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {

  private static float[] random(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian();
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 5000})
  void sumsAreThoseIn64Bits(int length) {
    float[] a = random(length, 1);
    float[] b = random(length, 2);
    double dot = 0;
    double distance = 0;
    float[] sum = b.clone();
    for (int i = 0; i < length; i++) {
      dot += (double) a[i] * b[i];
      distance += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
      sum[i] = (float) (b[i] + 0.25 * a[i]);
    }
    assertEquals(dot, Vectors.dot(a, b), 1e-3);
    assertEquals(distance, Vectors.squaredDistance(a, b), 1e-6 * length + 1e-3);
    Vectors.addTimes(b, 0.25, a);
    assertArrayEquals(sum, b, 1e-6f);
  }
}
