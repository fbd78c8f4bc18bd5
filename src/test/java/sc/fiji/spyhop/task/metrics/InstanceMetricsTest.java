package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;

class InstanceMetricsTest {

  private static LabelMap map(int w, int h, IntBinaryOperator label) {
    LabelMap map = new LabelMap(w, h);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) map.set(x, y, label.applyAsInt(x, y));
    }
    return map;
  }

  private static LabelMap image(IntBinaryOperator label) {
    return map(40, 30, label);
  }

  /**
   * Expected figures: the same five images through an evaluator written in Python that solves the
   * assignment problem with SciPy.
   */
  @Test
  void agreesWithAnIndependentEvaluator() {
    IntBinaryOperator grid = (x, y) -> x % 10 < 8 && y % 10 < 7 ? 1 + x / 10 + 4 * (y / 10) : 0;
    IntBinaryOperator none = (x, y) -> 0;
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(
        image((x, y) -> (x + 1) % 10 < 8 && y % 10 < 8 ? 1 + (x + 1) / 10 + 7 * (y / 10) : 0),
        image(grid));
    metrics.add(
        image(
            (x, y) -> x % 10 < 8 && y % 10 < 7 ? 1 + x % 10 / 4 + 2 * (x / 10) + 20 * (y / 10) : 0),
        image(grid));
    metrics.add(
        image((x, y) -> x % 20 < 18 && y % 10 < 7 && x > 9 ? 1 + x / 20 + 5 * (y / 10) : 0),
        image((x, y) -> y < 15 ? grid.applyAsInt(x, y) : 0));
    metrics.add(image(none), image(none));
    metrics.add(
        image(
            (x, y) -> x % 10 < 6 && y % 10 < 6 && (x + y) % 9 > 0 ? 1 + x / 10 + 4 * (y / 10) : 0),
        image(grid));

    String expected =
        """
        5 images, 44 true and 57 predicted objects, foreground IoU 0.6790
         IoU>=             TP            FP            FN     precision        recall            F1            AP AP_image_mean            SQ            PQ
          0.50              38            19             6        0.6667        0.8636        0.7525        0.6032        0.6933        0.6060        0.4560
          0.55              24            33            20        0.4211        0.5455        0.4752        0.3117        0.5362        0.6648        0.3159
          0.60              14            43            30        0.2456        0.3182        0.2772        0.1609        0.3933        0.7328        0.2031
          0.65              14            43            30        0.2456        0.3182        0.2772        0.1609        0.3933        0.7328        0.2031
          0.70               5            52            39        0.0877        0.1136        0.0990        0.0521        0.2583        0.8095        0.0802
          0.75               4            53            40        0.0702        0.0909        0.0792        0.0412        0.2404        0.8333        0.0660
          0.80               1            56            43        0.0175        0.0227        0.0198        0.0100        0.2154        1.0000        0.0198
          0.85               1            56            43        0.0175        0.0227        0.0198        0.0100        0.2154        1.0000        0.0198
          0.90               1            56            43        0.0175        0.0227        0.0198        0.0100        0.2154        1.0000        0.0198
          0.95               1            56            43        0.0175        0.0227        0.0198        0.0100        0.2154        1.0000        0.0198
        mean AP 0.50:0.05:0.95: 0.1370 pooled, 0.3376 image mean""";
    assertEquals(expected, metrics.table().replace("\r\n", "\n"));
    assertEquals(0.13700224420580803, metrics.meanAp(), 1e-14);
    assertEquals(0.33764468864468866, metrics.meanApImageMean(), 1e-14);
    assertEquals(0.678999295278365, metrics.foregroundIou(), 1e-14);
    assertEquals(0.6059669420028945, metrics.at(50).sq(), 1e-14);
    assertEquals(0.4559751246754454, metrics.at(50).pq(), 1e-14);
  }

  /** 3 of 5 pixels, compared in floating point as 3.0 / 5 >= 0.6, would depend on rounding. */
  @Test
  void reachesAThresholdExactly() {
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(LabelMap.of(5, 1, 9, 9, 9, 0, 0), LabelMap.of(5, 1, 4, 4, 4, 4, 4));
    assertEquals(1, metrics.at(60).tp());
    assertEquals(0, metrics.at(65).tp());
  }

  @Test
  void matchesOneToOneWhereHalvesAreEqual() {
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(LabelMap.of(4, 1, 1, 1, 2, 2), LabelMap.of(4, 1, 7, 7, 7, 7));
    assertEquals(1, metrics.at(50).tp());
    assertEquals(1, metrics.at(50).fp());
    assertEquals(0, metrics.at(50).fn());
    assertEquals(0.5, metrics.at(50).sq());
  }

  @Test
  void countsNothingAsNothing() {
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(LabelMap.of(2, 1, 0, 0), LabelMap.of(2, 1, 0, 0));
    assertEquals(0, metrics.at(50).f1());
    assertEquals(1, metrics.at(50).apImageMean());
    assertEquals(0, metrics.foregroundIou());
  }

  @Test
  void holdsLabelsBeyondSixteenBits() {
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(LabelMap.of(3, 1, 70_000, 0, 4_464), LabelMap.of(3, 1, 1, 0, 80_000));
    assertEquals(2, metrics.at(95).tp());
  }

  @Test
  void refusesDifferentSizes() {
    String message =
        assertThrows(
                SpyhopException.class,
                () -> new InstanceMetrics().add(new LabelMap(3, 2), new LabelMap(4, 2)))
            .getMessage();
    assertTrue(message.contains("expected 4 x 2") && message.contains("received 3 x 2"), message);
  }

  /** The first covers 3 of 4 pixels, the second 1 of 3, the third lies where nothing is known. */
  @Test
  void tellsWhichObjectsAreRight() {
    LabelMap truth = LabelMap.of(8, 1, 5, 5, 5, 5, 6, 0, LabelMap.UNLABELLED, LabelMap.UNLABELLED);
    LabelMap predicted = LabelMap.of(8, 1, 1, 1, 1, 2, 2, 2, 3, 3);
    InstanceMetrics.Matches matches = InstanceMetrics.matches(predicted, truth);
    assertEquals(Map.of(1, 5), matches.right());
    assertEquals(Set.of(3), matches.uncounted());
  }
}
