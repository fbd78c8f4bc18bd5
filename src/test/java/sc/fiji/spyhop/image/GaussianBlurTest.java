package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GaussianBlurTest {

  /**
   * exp(-k^2 / 2 sigma^2) for sigma = 1/2 is 1, 0.1353352832 and 0.0003354626, up to a radius of
   * two pixels; divided by their sum 1.2713414916, where all but the first count twice.
   */
  private static final double[] KERNEL = {0.7865707259, 0.1064507720, 0.0002638651};

  private static final float CLOSE = 1e-7f;

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) floats[i] = (float) values[i];
    return floats;
  }

  @Test
  void aPointBecomesTheKernel() {
    float[] plane = new float[7 * 5];
    plane[2 * 7 + 3] = 1;
    float[] smooth = GaussianBlur.of(plane, 7, 5, 0.5);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 7; x++) {
        int dx = Math.abs(x - 3);
        double expected = dx > 2 ? 0 : KERNEL[dx] * KERNEL[Math.abs(y - 2)];
        assertEquals(expected, smooth[y * 7 + x], CLOSE, x + ", " + y);
      }
    }
  }

  /** Left of the first pixel comes the first pixel again, then the second; so along columns. */
  @Test
  void theEdgeIsAMirror() {
    double a = KERNEL[0];
    double b = KERNEL[1];
    double c = KERNEL[2];
    float[] first = floats(a + b, b + c, c, 0);
    float[] second = floats(b + c, a, b, c);
    for (int[] size : new int[][] {{4, 1}, {1, 4}}) {
      assertArrayEquals(
          first, GaussianBlur.of(new float[] {1, 0, 0, 0}, size[0], size[1], 0.5), CLOSE);
      assertArrayEquals(
          second, GaussianBlur.of(new float[] {0, 1, 0, 0}, size[0], size[1], 0.5), CLOSE);
      assertArrayEquals(
          floats(0, c, b + c, a + b),
          GaussianBlur.of(new float[] {0, 0, 0, 1}, size[0], size[1], 0.5),
          CLOSE);
    }
  }

  /** 0 1 | 1 0 0 1 and so on: two pixels from the second lies the first, on both sides. */
  @Test
  void aMirrorFacesAnother() {
    double b = KERNEL[1];
    double c = KERNEL[2];
    assertArrayEquals(
        floats(KERNEL[0] + b, b + 2 * c), GaussianBlur.of(new float[] {1, 0}, 2, 1, 0.5), CLOSE);
    assertArrayEquals(new float[] {5}, GaussianBlur.of(new float[] {5}, 1, 1, 3), 1e-6f);
  }

  @Test
  void withoutWidthItIsACopy() {
    float[] plane = {1, 2, 3, 4};
    float[] copy = GaussianBlur.of(plane, 2, 2, 0);
    assertArrayEquals(plane, copy);
    assertNotSame(plane, copy);
  }

  /** Against the definition in two dimensions. */
  @Test
  void smoothingIsAWeightedMeanOfTheMirroredPlane() {
    Random random = new Random(5);
    for (double sigma : new double[] {0.4, 1, 2.5}) {
      int w = 9;
      int h = 4;
      float[] plane = new float[w * h];
      for (int i = 0; i < plane.length; i++) plane[i] = random.nextFloat();
      float[] smooth = GaussianBlur.of(plane, w, h, sigma);
      int radius = (int) (4 * sigma + 0.5);
      for (int i = 0; i < plane.length; i++) {
        double sum = 0;
        double weights = 0;
        for (int dy = -radius; dy <= radius; dy++) {
          for (int dx = -radius; dx <= radius; dx++) {
            double weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
            weights += weight;
            sum += weight * plane[inside(i / w + dy, h) * w + inside(i % w + dx, w)];
          }
        }
        assertEquals(sum / weights, smooth[i], 1e-6);
      }
    }
  }

  /** Mirrors at the outer edge of the first and last pixel until inside. */
  private static int inside(int k, int length) {
    while (k < 0 || k >= length) k = k < 0 ? -1 - k : 2 * length - 1 - k;
    return k;
  }
}
