package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Expected values: scipy.stats.spearmanr of the magnitudes. */
class RankCorrelationTest {

  @Test
  void ofMagnitudes() {
    float[] a = {0.5f, -3, 2, 0, 1, -1};
    assertEquals(1, RankCorrelation.ofMagnitudes(a, a), 1e-12);
    assertEquals(1, RankCorrelation.ofMagnitudes(a, new float[] {2, 60, 30, -1, 4, 4}), 1e-12);
    assertEquals(
        -0.9856107606091624,
        RankCorrelation.ofMagnitudes(a, new float[] {5, 1, -2, 6, 3, 4}),
        1e-9);
    assertEquals(0, RankCorrelation.ofMagnitudes(a, new float[] {1, 2, 3, 3, 7, 7}), 1e-9);
    assertTrue(Double.isNaN(RankCorrelation.ofMagnitudes(a, new float[6])));
  }
}
