package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MultiLabelMetricsTest {

  private static MultiLabelMetrics.Outcome outcome(
      List<Boolean> truth, List<Boolean> told, Double... p) {
    return new MultiLabelMetrics.Outcome(truth, told, List.of(p));
  }

  /**
   * Four images, three classes, of which nothing is and nothing was said to be of the last. Class
   * a: truths 1 1 0 0, said 1 0 1 0. Class b: truths 1 0 0 1, said 1 0 0 1.
   */
  private static MultiLabelMetrics four() {
    MultiLabelMetrics m = new MultiLabelMetrics(List.of("a", "b", "c"));
    m.add(outcome(List.of(true, true, false), List.of(true, true, false), 0.9, 0.8, 0.1));
    m.add(outcome(List.of(true, false, false), List.of(false, false, false), 0.4, 0.2, 0.1));
    m.add(outcome(List.of(false, false, false), List.of(true, false, false), 0.6, 0.3, 0.1));
    m.add(outcome(List.of(false, true, false), List.of(false, true, false), 0.4, 0.7, 0.1));
    return m;
  }

  @Test
  void figuresByHand() {
    MultiLabelMetrics m = four();
    assertEquals(0.5, m.precision(0), 1e-12);
    assertEquals(0.5, m.recall(0), 1e-12);
    assertEquals(0.5, m.f1(0), 1e-12);
    assertEquals(1, m.f1(1), 1e-12);
    assertTrue(Double.isNaN(m.f1(2)));
    assertEquals(0.75, m.macroF1(), 1e-12, "without the class that is nowhere");
    // hits 1 + 2, misses 1, false alarms 1
    assertEquals(2.0 * 3 / (2 * 3 + 1 + 1), m.microF1(), 1e-12);
    assertEquals(0.5, m.exactMatch(), 1e-12);
    assertEquals(2.0 / 12, m.hammingLoss(), 1e-12);
  }

  @Test
  void rankingFiguresByHand() {
    MultiLabelMetrics m = four();
    // a: positives 0.9, 0.4; negatives 0.6, 0.4: pairs won 2 + 0 + one half of one
    assertEquals(2.5 / 4, m.auc(0), 1e-12);
    // falling: 0.9 (hit), 0.6, 0.4 with a hit of two: 1/2 * 1 + 1/2 * 2/4
    assertEquals(0.75, m.averagePrecision(0), 1e-12);
    assertEquals(1, m.auc(1), 1e-12);
    assertEquals(1, m.averagePrecision(1), 1e-12);
    assertTrue(Double.isNaN(m.auc(2)));
    assertTrue(Double.isNaN(m.averagePrecision(2)));
  }

  @Test
  void rowsAndTables() {
    MultiLabelMetrics m = four();
    MultiLabelMetrics.Outcome second =
        outcome(List.of(true, true, false), List.of(false, true, false), 0.4, 0.9, 0.0);
    Map<String, Object> row = m.row(second);
    assertEquals("a; b", row.get("truth"));
    assertEquals("b", row.get("predicted"));
    assertEquals(0, row.get("right"));
    assertEquals((0.6 + 0.1 + 0) / 3, m.loss(second), 1e-12);
    assertTrue(m.table().contains("exact match 0.5000"), m.table());
    assertTrue(m.confusion().isEmpty());
    @SuppressWarnings("unchecked")
    Map<String, Map<String, Object>> classes =
        (Map<String, Map<String, Object>>) m.toMap().get("classes");
    assertFalse(classes.get("c").containsKey("f1"), "no number where there is no meaning");
  }

  @Test
  void withoutProbabilitiesNothingIsRanked() {
    MultiLabelMetrics m = new MultiLabelMetrics(List.of("a"));
    m.add(outcome(List.of(true), List.of(true), Double.NaN));
    m.add(outcome(List.of(false), List.of(false), 0.1));
    assertEquals(1, m.f1(0));
    assertTrue(Double.isNaN(m.auc(0)));
    assertEquals(0, m.loss(outcome(List.of(true), List.of(true), Double.NaN)));
  }
}
