package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DiametersTest {

  @Test
  void areThoseOfCirclesOfTheSameArea() {
    // 2 sqrt(area / pi)
    assertEquals(1.1283791670955126, Diameters.ofArea(1), 1e-12);
    assertEquals(20, Diameters.ofArea(100 * Math.PI), 1e-12);
  }

  @Test
  void areMeasuredLabelByLabel() {
    LabelMap labels = LabelMap.of(4, 2, 0, 7, 7, 300, 0, 7, 7, 9);
    double[] found = Diameters.of(labels, l -> l == 9).sorted();
    assertArrayEquals(new double[] {1.1283791670955126, 2.2567583341910252}, found, 1e-12);
    assertTrue(Diameters.of(new LabelMap(3, 3), l -> false).median().isEmpty());
  }

  @Test
  void quantilesLieBetween() {
    Diameters d = new Diameters(new double[] {40, 10, 20, 30, 50});
    assertEquals(30, d.median().orElseThrow());
    assertEquals(12, d.quantile(0.05).orElseThrow(), 1e-12);
    assertEquals(50, d.quantile(1).orElseThrow());
  }

  @Test
  void aHistogramFindsTheMedianOfWeights() {
    SizeHistogram sizes = new SizeHistogram();
    assertTrue(sizes.median().isEmpty());
    sizes.add(3, 1);
    sizes.add(4, 5);
    sizes.add(6, 2);
    assertEquals(8, sizes.weight());
    // half of the weight lies in the bin that begins at 2^4
    assertEquals(16, sizes.median().orElseThrow(), 0.36);
    sizes.add(40, 100);
    assertTrue(sizes.median().orElseThrow() > 60_000);
  }
}
