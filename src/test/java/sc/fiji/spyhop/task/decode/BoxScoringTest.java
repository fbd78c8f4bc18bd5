package sc.fiji.spyhop.task.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class BoxScoringTest {

  /** exp(c) s^a / (1 - s)^b to 1: with a = 2, b = 0, c = ln 4 and s = 0.5, that is 1 to 1. */
  @Test
  void scoresByHand() {
    assertEquals(0.5, new BoxScoring(2, 0, Math.log(4)).score(0.5), 1e-12);
    assertEquals(0.8, new BoxScoring(1, 1, 0).score(0.8), 0);
    assertEquals(0.8, new BoxScoring(2, 0, Math.log(4)).score(1), 1e-5);
    assertEquals(16.0 / 17, new BoxScoring(1, 3, Math.log(4)).score(0.5), 1e-12);
  }

  @Test
  void theConfidenceForAScoreGivesThatScore() {
    BoxScoring scoring = new BoxScoring(0.7, 1.6, -0.4);
    for (double score : new double[] {0.1, 0.5, 0.93}) {
      assertEquals(score, scoring.score(scoring.confidence(score)), 1e-9);
    }
    assertEquals(0, scoring.confidence(0), 0);
    assertEquals(1, new BoxScoring(2, 0, Math.log(4)).confidence(0.9), 1e-9, "never so sure");
    assertEquals(0.3, BoxScoring.SAME.confidence(0.3), 0);
  }

  /** Confidences that are too high, as those of networks are: right as often as their square. */
  @Test
  void fittedScoresAreAsOftenRightAsTheySay() {
    Random random = new Random(1);
    List<Double> confidences = new ArrayList<>();
    List<Boolean> matched = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      double s = 0.02 + 0.97 * random.nextDouble();
      confidences.add(s);
      matched.add(random.nextDouble() < s * s);
    }
    BoxScoring fitted = BoxScoring.fit(confidences, matched);
    for (double s = 0.1; s < 0.95; s += 0.1) assertEquals(s * s, fitted.score(s), 0.04);
  }

  @Test
  void scoresNeverFallWithTheConfidence() {
    Random random = new Random(2);
    List<Double> confidences = new ArrayList<>();
    List<Boolean> wrongWay = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      double s = random.nextDouble();
      confidences.add(s);
      wrongWay.add(random.nextDouble() > s);
    }
    BoxScoring fitted = BoxScoring.fit(confidences, wrongWay);
    double before = 0;
    for (double s = 0; s <= 1; s += 0.05) {
      assertTrue(fitted.score(s) >= before, "at " + s);
      before = fitted.score(s);
    }
    assertEquals(
        BoxScoring.SAME, BoxScoring.fit(confidences.subList(0, 19), wrongWay.subList(0, 19)));
  }

  @Test
  void numbersAreChecked() {
    assertThrows(SpyhopException.class, () -> new BoxScoring(-1, 2, 0));
    assertThrows(SpyhopException.class, () -> new BoxScoring(0, 0, 0));
    assertThrows(SpyhopException.class, () -> new BoxScoring(1, 1, Double.NaN));
  }
}
