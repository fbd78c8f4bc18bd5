package sc.fiji.spyhop.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.network.Quantization.Range;

/** Ranges of distributions whose percentiles are known. */
class DistributionTest {

  @Test
  void allValuesAreCoveredWhereAllAreAskedFor() {
    Distribution d = new Distribution();
    assertTrue(d.add(new float[] {-0.25f, 0, 1e-7f}));
    assertTrue(d.add(new float[] {3, 700.5f}));
    assertEquals(new Range(-0.25f, 700.5f), d.range(1));
  }

  @Test
  void outliersAreLeftOutOnEitherSide() {
    float[] values = new float[10_001];
    for (int i = 0; i < values.length; i++) values[i] = (i - 5000) / 1000f;
    Distribution d = new Distribution();
    assertTrue(d.add(values));
    // 1 percent of the values is above 4.9; intervals are 16 / 4096 wide
    Range range = d.range(0.99);
    assertEquals(4.9, range.high(), 0.005);
    assertEquals(-4.9, range.low(), 0.005);
  }

  @Test
  void oneSidedValuesHaveOneSidedRanges() {
    Distribution d = new Distribution();
    assertTrue(d.add(new float[] {1, 2, 5.75f}));
    assertEquals(new Range(0, 5.75), d.range(1));
    assertEquals(new Range(0, 1), new Distribution().range(0.9));
  }

  @Test
  void whatIsNoNumberIsTold() {
    assertFalse(new Distribution().add(new float[] {1, Float.NaN}));
    assertFalse(new Distribution().add(new float[] {Float.NEGATIVE_INFINITY}));
  }
}
