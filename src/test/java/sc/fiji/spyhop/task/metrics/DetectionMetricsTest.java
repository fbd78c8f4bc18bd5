package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.LocalizedObject;

/** Expected values by hand, from the definition. */
class DetectionMetricsTest {

  private static LocalizedObject box(double x, double score) {
    return box(x, score, 10, "c");
  }

  private static LocalizedObject box(double x, double score, double width, String type) {
    return new LocalizedObject(new Box(x, 0, width, 10), type, score);
  }

  private static DetectionMetrics of(List<LocalizedObject> predicted, LocalizedObject... truth) {
    DetectionMetrics metrics = new DetectionMetrics(100);
    metrics.add(predicted, List.of(truth));
    return metrics;
  }

  @Test
  void averagePrecision() {
    LocalizedObject a = box(0, 1);
    LocalizedObject b = box(50, 1);
    assertEquals(1, of(List.of(box(0, .9), box(50, .8)), a, b).map50to95(), 1e-12);
    assertEquals(0, of(List.of(), a).map50());
    // recall 0.5 at precision 1: the recalls 0 to 0.50
    assertEquals(51 / 101.0, of(List.of(box(0, .9)), a, b).map50(), 1e-12);
    // first wrong, then right
    assertEquals(0.5, of(List.of(box(90, .9), box(0, .8)), a).map50(), 1e-12);
    // wrong only after all are found
    assertEquals(1, of(List.of(box(0, .9), box(90, .8)), a).map50(), 1e-12);
    // one object found twice
    assertEquals(51 / 101.0, of(List.of(box(0, .9), box(0, .8)), a, b).map50(), 1e-12);
    assertEquals(
        (51 + 50 * 2 / 3.0) / 101,
        of(List.of(box(0, .9), box(90, .8), box(50, .7)), a, b).map50(),
        1e-12);
    // the best score chooses first, though the other fits better
    assertEquals(1, of(List.of(box(1, .9), box(0, .8)), a).map50(), 1e-12);
  }

  @Test
  void iouAtTheThresholdIsEnough() {
    DetectionMetrics metrics = of(List.of(box(0, .9, 8, "c")), box(0, 1));
    assertEquals(0.7, metrics.map50to95(), 1e-12);
    assertEquals(1, metrics.map75(), 1e-12);
  }

  @Test
  void classesCountAlikeAndWrongOnesInOtherImagesToo() {
    DetectionMetrics metrics = new DetectionMetrics(100);
    metrics.add(List.of(box(0, 1), box(0, 1, 10, "e")), List.of(box(0, 1)));
    metrics.add(List.of(), List.of(box(0, 1, 10, "d")));
    assertEquals(0.5, metrics.map50(), 1e-12);
    assertEquals(List.of("e"), metrics.unknownTypes());
    DetectionMetrics other = new DetectionMetrics(100);
    other.add(List.of(box(0, .5)), List.of(box(0, 1)));
    other.add(List.of(box(0, .9)), List.of());
    assertEquals(0.5, other.map50(), 1e-12);
    DetectionMetrics one = new DetectionMetrics(1);
    one.add(List.of(box(50, .9), box(0, .8)), List.of(box(0, 1)));
    assertEquals(0, one.map50());
  }

  @Test
  void operatingPoints() {
    DetectionMetrics metrics =
        of(List.of(box(0, .9), box(90, .8), box(50, .7)), box(0, 1), box(50, 1));
    DetectionMetrics.Operating best = metrics.figures().get(0).best().orElseThrow();
    // all three: 2 right of 3, 2 of 2 found; F1 = 4 / 5, against 2 / 3 with the first only
    assertEquals(0.8, best.f1(), 1e-12);
    assertEquals(0.7, best.score());
    assertEquals(2 / 3.0, best.precision(), 1e-12);
    assertEquals(1, best.recall());
    DetectionMetrics.Operating strict = metrics.at("c", 0.8);
    assertEquals(0.5, strict.precision(), 1e-12);
    assertEquals(0.5, strict.recall(), 1e-12);
    assertEquals(0, metrics.at("c", 0.95).precision());
    assertTrue(metrics.table().contains("mAP@0.5 "), metrics.table());
  }
}
