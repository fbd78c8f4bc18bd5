package sc.fiji.spyhop.generate.style;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class LossesTest {

  private static Tensor maps(int width, float... values) {
    return new Tensor(Axes.NCHW, new int[] {1, values.length / width, 1, width}, values);
  }

  /** Values and gradient of PyTorch 2.13 by autograd. */
  @Test
  void contentAndStyleAreThoseOfPyTorch() {
    StyleLayers layers = new StyleLayers(Map.of("a", 2.0), Map.of("a", 3.0));
    StyleLoss loss =
        new StyleLoss(
            layers,
            Map.of("a", maps(3, 1, 1, 3, 1, 1, 0)),
            Map.of("a", maps(2, 1, 0, 2, 1)),
            5,
            Engines.forGradients().products());
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
