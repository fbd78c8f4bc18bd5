package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;

class OverlapMetricsTest {

  /** Bits: 1 is a, 2 is b, 3 both; the last pixel is not annotated. */
  @Test
  void figuresByHand() {
    OverlapMetrics m = new OverlapMetrics(List.of("a", "b", "c"));
    LabelMap truth = LabelMap.of(3, 2, 1, 3, 2, 0, 3, LabelMap.UNLABELLED);
    LabelMap said = LabelMap.of(3, 2, 1, 1, 2, 1, 3, 2);
    m.add(said, truth);
    // a: truth pixels 0 1 4, said 0 1 3 4; b: truth 1 2 4, said 2 4
    assertEquals(3.0 / 4, m.iou(0), 1e-12);
    assertEquals(6.0 / 7, m.dice(0), 1e-12);
    assertEquals(3.0 / 4, m.precision(0), 1e-12);
    assertEquals(1, m.recall(0), 1e-12);
    assertEquals(2.0 / 3, m.iou(1), 1e-12);
    assertEquals(4.0 / 5, m.dice(1), 1e-12);
    assertTrue(Double.isNaN(m.iou(2)));
    assertEquals((3.0 / 4 + 2.0 / 3) / 2, m.meanIou(), 1e-12);
    assertEquals((6.0 / 7 + 4.0 / 5) / 2, m.meanDice(), 1e-12);
    assertEquals(3.0 / 5, m.exactMatch(), 1e-12);
    OverlapMetrics twice = new OverlapMetrics(List.of("a", "b", "c"));
    twice.add(m);
    twice.add(m);
    assertEquals(m.meanIou(), twice.meanIou(), 1e-12);
    assertTrue(m.table().contains("mean IoU 0.7083"), m.table());
  }

  @Test
  void anotherClassIsRefused() {
    OverlapMetrics m = new OverlapMetrics(List.of("a"));
    LabelMap other = LabelMap.of(1, 1, 2);
    assertThrows(SpyhopException.class, () -> m.add(other, LabelMap.of(1, 1, 1)));
  }
}
