package sc.fiji.spyhop.training.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class TallyTest {

  /** A row of a map of where a keypoint is. */
  private static final float[] NEAR = {0, 0.6f, 1, 0};

  private static double skill(double... said) {
    float[] logits = new float[said.length];
    for (int i = 0; i < said.length; i++) logits[i] = (float) Math.log(said[i] / (1 - said[i]));
    Objective map = new Objective("keypoints", new Loss.BinaryCrossEntropy(), 1);
    Tally tally = Tally.of(map, List.of()).orElseThrow();
    tally.add(
        new Tensor(Axes.NCHW, new int[] {1, 1, 1, said.length}, logits),
        Target.of(new Tensor(Axes.NCHW, new int[] {1, 1, 1, NEAR.length}, NEAR)),
        List.of("image"));
    return tally.answers().orElseThrow().skill();
  }

  /** Variance 0.18 about the mean 0.4; squared errors 0.01, 0.09, 0.36 and 0.01. */
  @Test
  void aFaintPeakInTheRightPlaceIsMoreThanAGuess() {
    assertEquals(1 - 0.1175 / 0.18, skill(0.1, 0.3, 0.4, 0.1), 1e-6);
  }

  @Test
  void theSameEverywhereIsAGuessAndAPeakElsewhereIsNone() {
    assertEquals(0, skill(0.4, 0.4, 0.4, 0.4), 1e-6);
    assertTrue(skill(0.4, 0.1, 0.1, 0.3) <= 0);
  }
}
