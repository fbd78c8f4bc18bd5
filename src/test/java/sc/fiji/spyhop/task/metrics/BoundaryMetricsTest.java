package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.LabelMap;

/** By hand, in planes of 20 x 10 pixels whose left part is class 0, the right part class 1. */
class BoundaryMetricsTest {

  private static LabelMap split(int column) {
    LabelMap map = new LabelMap(20, 10);
    for (int y = 0; y < 10; y++) for (int x = column; x < 20; x++) map.set(x, y, 1);
    return map;
  }

  private static double f1(int predicted, int truth, double tolerance, int label) {
    BoundaryMetrics metrics = new BoundaryMetrics(3, tolerance, l -> l == 9);
    metrics.add(split(predicted), split(truth));
    return metrics.f1(label);
  }

  @Test
  void outlinesNearEachOtherAgree() {
    assertEquals(1, f1(8, 8, 0, 1));
    assertEquals(0, f1(8, 10, 1.9, 1));
    assertEquals(1, f1(8, 10, 2, 1));
    assertEquals(1, f1(8, 10, 2, 0));
    assertTrue(Double.isNaN(f1(8, 8, 1, 2)), "no such class");
    assertEquals(0, f1(0, 8, 5, 1), "all is one class: it has no outline");
  }

  /** A bar of 3 rows beside the split. */
  @Test
  void partsCount() {
    LabelMap truth = split(10);
    LabelMap predicted = split(10);
    for (int y = 0; y < 3; y++) for (int x = 6; x < 10; x++) predicted.set(x, y, 1);
    BoundaryMetrics metrics = new BoundaryMetrics(2, 0, l -> l == 9);
    metrics.add(predicted, truth);
    // class 1 is outlined by (6, 0..2), (7..9, 2) and (10, 3..9), of which the last 7 agree;
    // true are (10, 0..9)
    assertEquals(2 * (7 / 13.0) * (7 / 10.0) / (7 / 13.0 + 7 / 10.0), metrics.f1(1), 1e-12);
  }

  @Test
  void whatIsNotAnnotatedHasNoOutline() {
    LabelMap truth = split(10);
    for (int y = 0; y < 10; y++) for (int x = 9; x < 12; x++) truth.set(x, y, 9);
    BoundaryMetrics metrics = new BoundaryMetrics(2, 3, l -> l == 9);
    metrics.add(split(10), truth);
    assertTrue(Double.isNaN(metrics.f1(1)));
  }
}
