package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;

/** Pixels that nobody has labelled train nothing and are not scored. */
class UnlabelledTest {

  private static final int U = LabelMap.UNLABELLED;

  @Test
  void objectsHaveNoWeightThere() {
    LabelMap truth = LabelMap.of(5, 1, U, 4, 0, U, U);
    var targets = InstanceSegmentation.of("cell").encode(truth);
    for (String head : List.of("object_logits", "depth")) {
      float[] weights = targets.get(head).weights().orElseThrow().data();
      for (int i = 0; i < 5; i++) assertEquals(truth.get(i) == U, weights[i] == 0, head + i);
    }
    assertArrayEquals(new float[] {0, 1, 0, 0, 0}, targets.get("object_logits").values().data(), 0);
  }

  @Test
  void classesAreNegativeThereWhateverElseIsIgnored() {
    LabelMap truth = LabelMap.of(3, 1, U, 1, 255);
    SemanticSegmentation task =
        new SemanticSegmentation(List.of("background", "cell"), List.of(), 255, 0);
    assertArrayEquals(
        new float[] {-1, 1, -1}, task.encode(truth).values().iterator().next().values().data(), 0);
    assertEquals(
        1,
        task.score(List.of(new Segmentation(LabelMap.of(3, 1, 0, 1, 0), List.of())), List.of(truth))
            .value(),
        1e-9);
  }

  /** Object 1 is right but reaches 2 pixels out; 2 lies outside; 3 is a false one on background. */
  @Test
  void objectsMostlyThereAreNotCounted() {
    LabelMap truth =
        LabelMap.of(
            6, 2, //
            7, 7, 7, U, U, U, //
            0, 0, 0, U, U, 0);
    LabelMap predicted =
        LabelMap.of(
            6, 2, //
            1, 1, 1, 1, 1, 2, //
            3, 0, 0, 2, 2, 2);
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(predicted, truth);
    InstanceMetrics.Figures f = metrics.at(95);
    assertEquals(List.of(1L, 1L, 0L), List.of(f.tp(), f.fp(), f.fn()));
  }
}
