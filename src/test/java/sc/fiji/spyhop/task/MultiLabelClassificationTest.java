package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class MultiLabelClassificationTest {

  private static final MultiLabelClassification TASK =
      MultiLabelClassification.of("cell", "fibre", "granule");

  @Test
  void targetsAreZerosAndOnes() {
    ClassScores truth = TASK.truths(new int[] {1, 0, 1}).get(0);
    Tensor values = TASK.encode(truth).get("classes_logits").values();
    assertArrayEquals(new float[] {1, 0, 1}, values.data());
    assertArrayEquals(new int[] {1, 3}, values.shape());
    Tensor smooth = TASK.withLabelSmoothing(0.2).encode(truth).get("classes_logits").values();
    assertArrayEquals(new float[] {0.9f, 0.1f, 0.9f}, smooth.data(), 1e-6f);
    assertEquals(Layer.Function.SIGMOID, TASK.heads().get(0).activation());
    assertEquals(
        new Loss.BinaryCrossEntropy(List.of(2.0, 1.0, 1.0)),
        TASK.withPositiveWeights(List.of(2.0, 1.0, 1.0)).objectives().get(0).loss());
  }

  @Test
  void everyClassThatIsLikelyEnoughIsTold() {
    Tensor output =
        new Tensor(Axes.NC, new int[] {2, 3}, new float[] {0.9f, 0.4f, 0.6f, 0.1f, 0.2f, 0.3f});
    List<ClassScores> said = TASK.decode(List.of(output));
    assertEquals(List.of(0, 2), TASK.told(said.get(0)));
    assertEquals("cell; granule", TASK.text(said.get(0)));
    assertEquals("cell 0.90; granule 0.60", TASK.words(said.get(0)));
    assertEquals(List.of(), TASK.told(said.get(1)));
    assertEquals("", TASK.text(said.get(1)));
    assertEquals("none", TASK.label(said.get(1)));
    MultiLabelClassification low = TASK.withThresholds(List.of(0.95, 0.35, 0.5));
    assertEquals(List.of(1, 2), low.told(said.get(0)));
    assertEquals(List.of(0, 1, 2), TASK.withThreshold(0.05).told(said.get(1)));
  }

  @Test
  void labelsOfSlicesAreReadBack() {
    assertTrue(TASK.isLabel("granule;cell"));
    assertTrue(TASK.isLabel("None"));
    assertFalse(TASK.isLabel("cell; other"));
    assertEquals(List.of("b", "a"), ClassTask.names(" b;a ; b"));
    assertEquals(List.of(), ClassTask.names("none"));
  }

  @Test
  void thresholdsGiveTheLargestF1() {
    MultiLabelClassification one = MultiLabelClassification.of("a");
    List<ClassScores> said =
        java.util.stream.DoubleStream.of(0.9, 0.3, 0.25, 0.1)
            .mapToObj(p -> new ClassScores((float) p))
            .toList();
    List<ClassScores> truth =
        one.truths(new int[] {1}, new int[] {1}, new int[] {0}, new int[] {0});
    // between 0.3 and 0.25 all is right
    double fitted = one.calibrate(said, truth).thresholds().get(0);
    assertEquals(0.275, fitted, 1e-6);
    // as good from 0.3 to 0.9: one half is kept
    List<ClassScores> sure = one.truths(new int[] {1}, new int[] {0}, new int[] {0}, new int[] {0});
    assertEquals(0.5, one.calibrate(said, sure).thresholds().get(0), 0);
    // nothing is of the class: nothing is learnt
    List<ClassScores> none = one.truths(new int[] {0}, new int[] {0}, new int[] {0}, new int[] {0});
    assertEquals(0.5, one.calibrate(said, none).thresholds().get(0), 0);
  }

  @Test
  void scoresByHand() {
    MultiLabelClassification two = MultiLabelClassification.of("a", "b");
    List<ClassScores> said = List.of(new ClassScores(0.8f, 0.4f), new ClassScores(0.1f, 0.3f));
    List<ClassScores> truth = two.truths(new int[] {1, 0}, new int[] {0, 1});
    var score = two.score(said, truth);
    double logLoss = -(Math.log(0.8) + Math.log(0.6) + Math.log(0.9) + Math.log(0.3)) / 4;
    assertEquals(logLoss, score.figures().get("log loss"), 1e-6);
    // a: right twice; b: missed once, never said, so F1 of 0
    assertEquals(0.5, score.figures().get("macro F1"), 1e-9);
    assertEquals(0.5, score.figures().get("exact match"), 1e-9);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThrows(SpyhopException.class, () -> MultiLabelClassification.of("a", "a"));
    assertThrows(SpyhopException.class, () -> MultiLabelClassification.of(List.of()));
    assertThrows(SpyhopException.class, () -> MultiLabelClassification.of("a;b"));
    assertThrows(SpyhopException.class, () -> MultiLabelClassification.of("None"));
    assertThrows(SpyhopException.class, () -> TASK.withThresholds(List.of(0.5)));
    assertThrows(SpyhopException.class, () -> TASK.withPositiveWeights(List.of(0.0, 1.0, 1.0)));
    assertThrows(SpyhopException.class, () -> TASK.truths(new int[] {1, 2, 0}));
    Tensor rows = new Tensor(Axes.NC, new int[] {1, 3}, new float[] {1, 0, 1});
    assertEquals(TASK.truths(new int[] {1, 0, 1}), TASK.truths(rows));
  }

  @Test
  void isWrittenAndRead() throws Exception {
    ObjectMapper json = new ObjectMapper();
    String text = json.writeValueAsString(TASK.withThresholds(List.of(0.25, 0.5, 0.75)));
    assertTrue(text.contains("multi-label-classification"), text);
    assertEquals(TASK.withThresholds(List.of(0.25, 0.5, 0.75)), json.readValue(text, Task.class));
  }
}
