package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.metrics.ConfusionMatrix;
import sc.fiji.spyhop.task.metrics.RegressionMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class ImageTaskTest {

  private static final Classification CATS = Classification.of(List.of("cat", "dog", "cow"));

  private static final Regression SIZES =
      new Regression(
          List.of("area", "angle"), List.of("µm²", ""), List.of(100.0, 0.5), List.of(20.0, 0.25));

  @Test
  void classesAreEncodedByNumber() {
    float[] target = CATS.encode(ClassScores.certain(2, 3)).get("classes_logits").values().data();
    assertArrayEquals(new float[] {2}, target);
    assertThrows(SpyhopException.class, () -> CATS.encode(ClassScores.certain(1, 2)));
  }

  @Test
  void classesAreDecodedImageByImage() {
    Tensor output =
        new Tensor(Axes.NC, new int[] {2, 3}, new float[] {.2f, .5f, .3f, .1f, .1f, .8f});
    List<ClassScores> scores = CATS.decode(List.of(output));
    assertEquals(1, scores.get(0).best());
    assertArrayEquals(new int[] {2, 0, 1}, scores.get(1).ranked());
    assertEquals(1, scores.get(0).rank(2));
    output.data()[4] = Float.NaN;
    assertThrows(SpyhopException.class, () -> CATS.decode(List.of(output)));
  }

  @Test
  void valuesAreStandardisedAndPutBack() {
    RealValues truth = RealValues.of(140, 0.25);
    float[] target = SIZES.encode(truth).get("values").values().data();
    assertArrayEquals(new float[] {2, -1}, target, 1e-6f);
    Tensor output = new Tensor(Axes.NC, new int[] {1, 2}, target);
    assertEquals(truth, SIZES.decode(List.of(output)).get(0));
  }

  /** Values 2, 4, 4, 4, 5, 5, 7, 9: mean 5, population standard deviation 2. */
  @Test
  void meansAndDeviationsAreThoseOfTheTrainingSet() {
    List<RealValues> truth =
        List.of(2, 4, 4, 4, 5, 5, 7, 9).stream().map(v -> RealValues.of(v, 3)).toList();
    Regression task = Regression.of(List.of("x", "same"), List.of(), truth);
    assertEquals(List.of(5.0, 3.0), task.means());
    assertEquals(List.of(2.0, 1.0), task.deviations());
  }

  /** By hand: cat 2 of 3 found, dog 1 of 2, cow 0 of 1; taken for cat 3, for dog 2, for cow 1. */
  @Test
  void figuresOfClassesByHand() {
    ConfusionMatrix m = new ConfusionMatrix(CATS.classes());
    int[][] pairs = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 2}, {2, 0}}; // truth, predicted
    for (int[] p : pairs)
      m.add(new ConfusionMatrix.Outcome(p[0], p[1], p[0] == p[1] ? 0 : 1, 1, 0));
    assertEquals(3 / 6.0, m.accuracy(), 1e-12);
    assertEquals(2 / 3.0, m.precision(0), 1e-12);
    assertEquals(2 / 3.0, m.recall(0), 1e-12);
    assertEquals(0.5, m.f1(1), 1e-12);
    assertEquals((2 / 3.0 + 0.5 + 0) / 3, m.macroF1(), 1e-12);
    assertEquals(1, m.topFive(), 1e-12);
    assertEquals(1, m.count(2, 0));
  }

  /** Errors 1, -1, 2 around true values 1, 2, 6: deviations from the mean 3 are -2, -1, 3. */
  @Test
  void figuresOfValuesByHand() {
    RegressionMetrics m = new RegressionMetrics(List.of("x"));
    m.add(RealValues.of(2), RealValues.of(1));
    m.add(RealValues.of(1), RealValues.of(2));
    m.add(RealValues.of(8), RealValues.of(6));
    assertEquals(4 / 3.0, m.mae(0), 1e-12);
    assertEquals(Math.sqrt(6 / 3.0), m.rmse(0), 1e-12);
    assertEquals(1 - 6 / 14.0, m.r2(0), 1e-12);
  }

  @Test
  void scoresCountHowSureTheNetworkIsOfTheTruth() {
    List<ClassScores> truth = List.of(ClassScores.certain(0, 3), ClassScores.certain(1, 3));
    ClassScores sure = new ClassScores(0.9f, 0.1f, 0);
    ClassScores unsure = new ClassScores(0.5f, 0.4f, 0.1f);
    ClassScores right = new ClassScores(0.4f, 0.5f, 0.1f);
    double half = CATS.score(List.of(sure, sure), truth).value();
    double both = CATS.score(List.of(unsure, right), truth).value();
    double better = CATS.score(List.of(sure, right), truth).value();
    assertTrue(half < both && both < better, half + " " + both + " " + better);
    assertEquals(
        -(Math.log(0.9) + Math.log(0.1)) / 2,
        CATS.score(List.of(sure, sure), truth).figures().get("log loss"),
        1e-6);
  }

  /**
   * Nine images that are surely right and one far wrong are better than ten that are half right.
   */
  @Test
  void oneImageThatIsFarWrongDoesNotDecide() {
    List<ClassScores> truth = Collections.nCopies(10, ClassScores.certain(0, 3));
    List<ClassScores> mostlySure =
        new ArrayList<>(Collections.nCopies(10, new ClassScores(0.9f, 0.1f, 0)));
    mostlySure.set(3, new ClassScores(0, 1, 0));
    Score one = CATS.score(mostlySure, truth);
    Score other = CATS.score(Collections.nCopies(10, new ClassScores(0.5f, 0.3f, 0.2f)), truth);
    assertTrue(one.figures().get("log loss") > other.figures().get("log loss"));
    assertTrue(one.value() > other.value());
    assertEquals((9 * Math.log(0.9 * 0.9 + 0.1 / 3) + Math.log(0.1 / 3)) / 10, one.value(), 1e-6);
  }

  @Test
  void textKeepsTasks() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    for (Task<?, ?> task : List.of(CATS, SIZES)) {
      assertEquals(task, mapper.readValue(mapper.writeValueAsString(task), Task.class));
    }
    assertTrue(mapper.writeValueAsString(CATS).contains("\"type\":\"classification\""));
    assertTrue(mapper.writeValueAsString(SIZES).contains("\"type\":\"regression\""));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(SpyhopException.class, () -> Classification.of(List.of("one")));
    assertThrows(SpyhopException.class, () -> Classification.of(List.of("a", "a")));
    assertThrows(
        SpyhopException.class, () -> new Classification(List.of("a", "b"), List.of(1.0), 0));
    assertThrows(
        SpyhopException.class,
        () -> new Regression(List.of("x"), List.of(""), List.of(0.0), List.of(0.0)));
  }

  private static Network ending(String logits, int units, Layer.Function... last) {
    NetworkBuilder b = NetworkBuilder.input("image", Shape.of(1, 4, 4)).flatten("f");
    b.dense(logits, units);
    for (Layer.Function f : last) b.activation(logits + "_end", f);
    return b.build();
  }

  @Test
  void aLossOfOnesOwnIsForOneOutput() {
    Ends ends = Ends.of(ending("fc8", 3, Layer.Function.SOFTMAX), CATS);
    Objective own = ends.objectives(CATS, "-mean(sum(t*log(p), channels))").get(0);
    assertEquals(ends.objectives(CATS, "").get(0).layer(), own.layer());
    assertTrue(own.loss() instanceof Loss.Formula);
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> ends.objectives(CATS, "mean(p[3])"));
    assertTrue(e.getMessage().contains("channels from 0 to 2, received 3"), e.getMessage());
    InstanceSegmentation objects = InstanceSegmentation.of("cell");
    e =
        assertThrows(
            SpyhopException.class, () -> new Ends(Map.of()).objectives(objects, "mean(p)"));
    assertTrue(e.getMessage().contains("networks with one output"), e.getMessage());
  }

  /** Networks from elsewhere name their layers as they like. */
  @Test
  void headsAreFoundByPosition() {
    Ends ends = Ends.of(ending("fc8", 3, Layer.Function.SOFTMAX), CATS);
    assertEquals(Map.of("classes_logits", "fc8"), ends.logits());
    assertEquals("fc8", ends.objectives(CATS, "").get(0).layer());
    assertEquals(Map.of("values", "out"), Ends.of(ending("out", 2), SIZES).logits());
  }

  @Test
  void networksThatEndOtherwiseAreRefused() {
    assertThrows(SpyhopException.class, () -> Ends.of(ending("fc8", 3), CATS));
    assertThrows(
        SpyhopException.class, () -> Ends.of(ending("fc8", 4, Layer.Function.SOFTMAX), CATS));
    Network plane =
        NetworkBuilder.image(1)
            .convolution("c", 3, 1)
            .activation("classes", Layer.Function.SOFTMAX)
            .build();
    assertThrows(SpyhopException.class, () -> Ends.of(plane, CATS));
    assertThrows(
        SpyhopException.class,
        () ->
            Ends.of(
                ending("fc8", 3, Layer.Function.SOFTMAX),
                SemanticSegmentation.of(List.of("a", "b", "c"))));
  }
}
