package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.task.metrics.RenderingMetrics.Outcome;

class RenderingMetricsTest {

  /** Squared errors of 4 and 14 where the nearest have 10 and 20: 9 and 15 on average. */
  @Test
  void errorsArePooledBeforeTheRoot() {
    RenderingMetrics metrics = new RenderingMetrics();
    metrics.add(new Outcome(4, 10, "a"));
    metrics.add(new Outcome(14, 20, "b"));
    assertEquals(3, metrics.rmse(), 1e-12);
    assertEquals(Math.sqrt(15), metrics.rmseOfNearest(), 1e-12);
    assertEquals(0.4, metrics.belowNearest(), 1e-12);
    assertTrue(metrics.table().contains("the squared error is 40.0 % below that"));
    assertEquals(2.0, metrics.row(new Outcome(4, 10, "a")).get("rmse"));
    assertEquals("a", metrics.row(new Outcome(4, 10, "a")).get("nearest"));
    metrics.add(new Outcome(42, 10, "c"));
    assertTrue(metrics.table().contains("50.0 % above"), metrics.table());
  }

  @Test
  void withoutKnownImagesThereIsOnlyTheError() {
    RenderingMetrics metrics = new RenderingMetrics();
    metrics.add(new Outcome(16, Double.NaN, ""));
    assertFalse(metrics.table().contains("nearest"));
    assertTrue(metrics.main().get("below_nearest").isNaN());
    assertFalse(metrics.toMap().containsKey("rmse_nearest"));
    assertEquals(4.0, metrics.toMap().get("rmse"));
  }
}
