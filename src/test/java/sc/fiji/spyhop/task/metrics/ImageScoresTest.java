package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.metrics.ImageScores.Estimate;

class ImageScoresTest {

  private static <I> Map<String, Estimate> estimates(ImageScores<I> scores) {
    return scores.estimates(Optional.empty(), Progress.NONE).figures();
  }

  private static ImageScores<ConfusionMatrix.Outcome> classified(int right, int of) {
    ImageScores<ConfusionMatrix.Outcome> scores =
        new ImageScores<>(() -> new ConfusionMatrix(List.of("a", "b")));
    for (int i = 0; i < of; i++) {
      scores.add(
          "i" + i, new ConfusionMatrix.Outcome(i % 2, i < right ? i % 2 : 1 - i % 2, 0, 1, 1));
    }
    return scores;
  }

  /**
   * Shares of draws with replacement are binomial: binom.ppf([.025, .975], 100, .8) of SciPy is 72
   * and 88.
   */
  @Test
  void theIntervalOfAShareIsBinomial() {
    Estimate accuracy = estimates(classified(80, 100)).get("accuracy");
    assertEquals(0.8, accuracy.value(), 1e-12);
    assertEquals(0.72, accuracy.low(), 0.0101);
    assertEquals(0.88, accuracy.high(), 0.0101);
    assertEquals(estimates(classified(80, 100)), estimates(classified(80, 100)));
  }

  /** Models that fail on the same images differ little, though each by itself is unsure. */
  @Test
  void differencesArePaired() {
    Estimate difference =
        classified(80, 100)
            .estimates(Optional.of(classified(78, 100)), Progress.NONE)
            .differences()
            .get("accuracy");
    assertEquals(0.02, difference.value(), 1e-12);
    assertEquals(0, difference.low(), 1e-12);
    // binom.ppf(.975, 100, .02) of SciPy is 5
    assertEquals(0.05, difference.high(), 0.0101);
  }

  /** The mean over the images would be 2 / 3: figures are reckoned anew for all together. */
  @Test
  void figuresOfAllAreNotMeans() {
    ImageScores<InstanceMetrics> scores = new ImageScores<>(InstanceMetrics::new);
    scores.add("one of one", objects(1, 1));
    scores.add("none of five", objects(5, 0));
    scores.add("nothing", objects(0, 0));
    assertEquals(2.0 / 7, estimates(scores).get("f1").value(), 1e-12);
    Map<String, Map<String, Object>> rows = scores.worstFirst();
    assertEquals(List.of("none of five", "one of one", "nothing"), new ArrayList<>(rows.keySet()));
    assertEquals(Double.NaN, rows.get("nothing").get("f1"));
  }

  private static InstanceMetrics objects(int truth, int found) {
    LabelMap expected = new LabelMap(8, 1);
    LabelMap predicted = new LabelMap(8, 1);
    for (int i = 0; i < truth; i++) expected.set(i, i + 1);
    for (int i = 0; i < found; i++) predicted.set(i, i + 1);
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(predicted, expected);
    return metrics;
  }

  /** Draws without a true box say nothing of AP, and nothing is said where there is none at all. */
  @Test
  void whatHasNoMeaningIsLeftOut() {
    ImageScores<DetectionMetrics> scores = new ImageScores<>(() -> new DetectionMetrics(100));
    List<LocalizedObject> box = List.of(new LocalizedObject(new Box(0, 0, 4, 4), "c", 1));
    scores.add("empty", boxes(List.of(), List.of()));
    scores.add("found", boxes(box, box));
    assertEquals(new Estimate(1, 1, 1), estimates(scores).get("mAP50"));
    ImageScores<DetectionMetrics> none = new ImageScores<>(() -> new DetectionMetrics(100));
    none.add("empty", boxes(box, List.of()));
    assertTrue(estimates(none).isEmpty());
  }

  private static DetectionMetrics boxes(List<LocalizedObject> found, List<LocalizedObject> truth) {
    DetectionMetrics metrics = new DetectionMetrics(100);
    metrics.add(found, truth);
    return metrics;
  }

  @Test
  void drawingStopsWhereTheUserAsksForIt() {
    Progress stopped =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    assertThrows(
        CancellationException.class, () -> classified(1, 2).estimates(Optional.empty(), stopped));
  }

  @Test
  void figuresOfPluginsHaveNamesOfTheirOwn() {
    String own = objects(1, 1).main().keySet().iterator().next();
    ImageScores<InstanceMetrics> scores = new ImageScores<>(InstanceMetrics::new);
    scores.add("a", "a", objects(1, 1), Map.of(own.toUpperCase(java.util.Locale.ROOT), 1.0));
    org.junit.jupiter.api.Assertions.assertThrows(
        sc.fiji.spyhop.SpyhopException.class, scores::all);
  }

  @Test
  void aFigureThatIsNoNumberIsTold() {
    ImageScores<InstanceMetrics> scores = new ImageScores<>(InstanceMetrics::new);
    scores.add("a", "a", objects(0, 0), Map.of("odd", Double.POSITIVE_INFINITY));
    assertTrue(scores.all().table().contains("odd none"), scores.all().table());
  }
}
