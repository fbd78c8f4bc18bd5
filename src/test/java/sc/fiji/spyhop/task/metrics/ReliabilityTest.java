package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityTest {

  @Test
  void binsAndErrorAreThoseReckonedByHand() {
    Reliability all = new Reliability();
    all.add(0, false);
    all.add(0.1, true); // an upper end belongs to its bin
    all.add(0.75, true);
    all.add(0.75, false);
    all.add(0.8, true);
    all.add(1, true);
    List<Reliability.Bin> bins = all.bins();
    assertEquals(new Reliability.Bin(0, 0.1, 2, 0.05, 0.5), bins.get(0));
    assertEquals(3, bins.get(7).count());
    assertEquals(2.3 / 3, bins.get(7).score(), 1e-12);
    assertEquals(2 / 3.0, bins.get(7).right(), 1e-12);
    assertEquals(new Reliability.Bin(0.9, 1, 1, 1, 1), bins.get(9));
    assertTrue(Double.isNaN(bins.get(3).right()));
    // 2/6 |0.05 - 0.5| + 3/6 |2.3/3 - 2/3| + 1/6 |1 - 1|
    assertEquals(0.15 + 0.05, all.expectedCalibrationError(), 1e-12);
  }

  /** Expected values by calibration_curve of scikit-learn 1.9.1, n_bins=10, strategy="uniform". */
  @Test
  void curveIsThatOfScikitLearn() {
    Reliability all = new Reliability();
    for (int k = 0; k <= 97; k++) {
      double score = k / 97.0;
      all.add(score, (37 * k + 11) % 101 < 101 * score * 0.8);
    }
    assertArrayEquals(
        new double[] {0.1, 0.1, 0.2, 1 / 3.0, 0.3, 0.4, 4 / 9.0, 0.7, 0.6, 0.8},
        all.bins().stream().mapToDouble(Reliability.Bin::right).toArray(),
        1e-12);
    assertArrayEquals(
        new double[] {
          0.04639175257731958,
          0.14948453608247422,
          0.2525773195876288,
          0.35051546391752575,
          0.4484536082474227,
          0.5515463917525771,
          0.6494845360824743,
          0.7474226804123711,
          0.850515463917526,
          0.9536082474226806
        },
        all.bins().stream().mapToDouble(Reliability.Bin::score).toArray(),
        1e-12);
    assertEquals(0.1129812749842205, all.expectedCalibrationError(), 1e-12);
  }

  @Test
  void addingAnotherIsAddingItsObjects() {
    Reliability one = new Reliability();
    one.add(0.3, true);
    Reliability other = new Reliability();
    other.add(0.25, false);
    one.add(other);
    assertEquals(new Reliability.Bin(0.2, 0.3, 2, 0.275, 0.5), one.bins().get(2));
  }

  @Test
  void scoresBeyondProbabilitiesAreRefused() {
    Reliability all = new Reliability();
    for (double score : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> all.add(score, true));
    }
  }
}
