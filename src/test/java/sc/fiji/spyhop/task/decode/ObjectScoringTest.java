package sc.fiji.spyhop.task.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;

class ObjectScoringTest {

  @Test
  void evidenceIsMeasuredOnThePixelsOfEachObject() {
    LabelMap labels = LabelMap.of(3, 2, 1, 1, 0, 3, 3, 3);
    float[] probability = {0.5f, 1, 0.9f, 0.25f, 0.5f, 0.75f};
    float[] depth = {0.25f, 0.75f, 2, -0.5f, -0.25f, 0};
    List<ObjectEvidence> evidence = ObjectEvidence.of(labels, probability, depth);
    assertEquals(2, evidence.size());
    assertEquals(new ObjectEvidence(2, 0.75, 0.25, 0.5, 0.75), evidence.get(0));
    ObjectEvidence second = evidence.get(1);
    assertEquals(3, second.area(), 0);
    assertEquals(0.5, second.probability(), 1e-12);
    assertEquals(Math.sqrt(2.0 / 3) / 4, second.deviation(), 1e-12);
    assertEquals(-0.25, second.depth(), 1e-12);
    assertEquals(0, second.peak(), 1e-12);
  }

  /** Logit of 0.75 is ln 3; a circle of 25 pi pixels has a diameter of 10. */
  @Test
  void theScoreIsLogisticInTheEvidence() {
    ObjectScoring scoring = new ObjectScoring(20, List.of(-1.0, 2.0, -3.0, 0.5, 0.25, 0.125));
    long area = Math.round(25 * Math.PI);
    double size = Math.log(2 * Math.sqrt(area / Math.PI) / 20);
    double sum = -1 + 2 * Math.log(3) - 3 * 0.25 + 0.5 * 0.5 + 0.25 * 0.75 + 0.125 * size;
    ObjectEvidence evidence = new ObjectEvidence(area, 0.75, 0.25, 0.5, 0.75);
    assertEquals(1 / (1 + Math.exp(-sum)), scoring.score(evidence).orElseThrow(), 1e-12);
    ObjectEvidence large = new ObjectEvidence(10000, 0.75, 0.25, 0.5, 0.75);
    double unsized = 1 / (1 + Math.exp(-(sum - 0.125 * size)));
    assertEquals(unsized, scoring.score(large).orElseThrow(), 1e-12, "not for being large");
    ObjectEvidence enlarged = new ObjectEvidence(4 * area, 0.75, 0.25, 0.5, 0.75);
    assertEquals(
        scoring.score(evidence).orElseThrow(),
        scoring.enlarged(2).score(enlarged).orElseThrow(),
        1e-12);
    assertTrue(ObjectScoring.UNKNOWN.score(evidence).isEmpty());
  }

  /** Objects whose chance is known by construction. */
  @Test
  void fittedScoresAreAsOftenRightAsTheySay() {
    Random random = new Random(1);
    List<ObjectEvidence> objects = new ArrayList<>();
    List<Boolean> matched = new ArrayList<>();
    double[] chance = new double[4000];
    for (int i = 0; i < chance.length; i++) {
      double p = 0.5 + 0.49 * random.nextDouble();
      double depth = random.nextDouble();
      objects.add(new ObjectEvidence(50 + random.nextInt(400), p, 0.1, depth, depth));
      chance[i] = 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) + 3 * depth - 2)));
      matched.add(random.nextDouble() < chance[i]);
    }
    ObjectScoring fitted = ObjectScoring.fit(objects, matched);
    double error = 0;
    for (int i = 0; i < chance.length; i++) {
      error += Math.abs(fitted.score(objects.get(i)).orElseThrow() - chance[i]) / chance.length;
    }
    assertTrue(error < 0.03, "mean error of the chance: " + error);
  }

  @Test
  void fewObjectsTellNothing() {
    List<ObjectEvidence> objects = new ArrayList<>();
    List<Boolean> matched = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      objects.add(new ObjectEvidence(100, 0.5 + i / 50.0, 0.1, 0.5, 1));
      matched.add(i % 3 > 0);
    }
    assertFalse(ObjectScoring.fit(objects, matched).isKnown());
    objects.add(objects.get(0));
    matched.add(true);
    assertTrue(ObjectScoring.fit(objects, matched).isKnown());
  }

  @Test
  void coefficientsAreChecked() {
    for (List<Double> wrong : List.of(List.of(1.0), List.of(0.0, 0.0, 0.0, 0.0, 0.0, Double.NaN))) {
      assertThrows(SpyhopException.class, () -> new ObjectScoring(10, wrong));
    }
    assertThrows(SpyhopException.class, () -> new ObjectScoring(0, List.of()));
  }
}
