package sc.fiji.spyhop.generate.style;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class LossesTest {

  private static float[] random(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian();
    return values;
  }

  /** Against sums in double precision; sizes are such that blocks and shares are not full. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "5, 131", "7, 9001", "64, 4099"})
  void gramMatricesAreMeanProducts(int channels, int positions) {
    float[] maps = random(channels * positions, 3);
    float[] gram = Gram.of(maps, channels);
    for (int i = 0; i < channels; i++) {
      for (int j = 0; j < channels; j++) {
        double sum = 0;
        for (int k = 0; k < positions; k++) {
          sum += (double) maps[i * positions + k] * maps[j * positions + k];
        }
        assertEquals(sum / positions, gram[i * channels + j], 2e-5, i + ", " + j);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "5, 131", "66, 300"})
  void productsAreAdded(int channels, int positions) {
    float[] maps = random(channels * positions, 5);
    float[] matrix = random(channels * channels, 6);
    float[] sum = new float[maps.length];
    java.util.Arrays.fill(sum, 1);
    Gram.addProduct(matrix, maps, channels, 0.5f, sum);
    for (int i = 0; i < channels; i++) {
      for (int k = 0; k < positions; k++) {
        double expected = 0;
        for (int j = 0; j < channels; j++) {
          expected += (double) matrix[i * channels + j] * maps[j * positions + k];
        }
        assertEquals(1 + 0.5 * expected, sum[i * positions + k], 2e-4);
      }
    }
  }

  private static Tensor maps(int width, float... values) {
    return new Tensor(Axes.NCHW, new int[] {1, values.length / width, 1, width}, values);
  }

  /** Values and gradient of PyTorch 2.13 by autograd. */
  @Test
  void contentAndStyleAreThoseOfPyTorch() {
    StyleLayers layers = new StyleLayers(Map.of("a", 2.0), Map.of("a", 3.0));
    StyleLoss loss =
        new StyleLoss(
            layers, Map.of("a", maps(3, 1, 1, 3, 1, 1, 0)), Map.of("a", maps(2, 1, 0, 2, 1)), 5);
    float[] slope = loss.slopes(Map.of("a", maps(3, 1, 2, 3, 0, 1, -1))).get("a").data();
    assertEquals(0.2307692, loss.content(), 1e-6);
    assertEquals(2.8562093, loss.style(), 1e-6);
    float[] expected = {3.2680f, 5.6440f, 10.8497f, -1.1996f, -3.5294f, -1.8532f};
    assertArrayEquals(expected, slope, 1e-4f);
  }

  /** Of 1 2 / 4 8 the squared differences are 1, 16, 9 and 36: their sum over four values. */
  @Test
  void roughnessIsTheMeanSquaredDifference() {
    float[] gradient = new float[4];
    assertEquals(62 / 4.0, Roughness.add(new float[] {1, 2, 4, 8}, 2, 2, 1, gradient), 1e-6);
    // of the second: 2 (2 - 1) / 4 from its left, and 2 (2 - 8) / 4 from below
    assertArrayEquals(new float[] {-2, -2.5f, -0.5f, 5}, gradient, 1e-6f);
  }

  /** Two channels are two pictures. */
  @Test
  void roughnessDoesNotReachFromOneChannelToTheNext() {
    assertEquals(0, Roughness.add(new float[] {1, 1, 5, 5}, 1, 2, 1, new float[4]));
  }

  @Test
  void whatCannotBeShownCounts() {
    float[] gradient = new float[4];
    assertEquals((0.25 + 0.01) / 4, Range.add(new float[] {0, 1, 1.5f, -0.1f}, 2, gradient), 1e-6);
    assertArrayEquals(new float[] {0, 0, 0.5f, -0.1f}, gradient, 1e-6f);
  }
}
