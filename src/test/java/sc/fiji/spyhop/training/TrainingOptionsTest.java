package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.weights.Weights;

class TrainingOptionsTest {

  private static final TrainingOptions PLAIN =
      TrainingOptions.DEFAULT
          .with()
          .learningRate(1)
          .warmup(0)
          .schedule(new Schedule.Constant())
          .build();

  private static double[] rates(TrainingOptions options) {
    return IntStream.range(0, 10).mapToDouble(i -> options.learningRate(i, 10)).toArray();
  }

  @Test
  void warmUpRisesLinearlyToTheFullRate() {
    assertArrayEquals(
        new double[] {0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1},
        rates(PLAIN.with().warmup(0.4).build()),
        1e-12);
  }

  @Test
  void stepsMultiplyAfterEveryInterval() {
    assertArrayEquals(
        new double[] {1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001},
        rates(PLAIN.with().schedule(new Schedule.Step(0.3, 0.1)).build()),
        1e-12);
  }

  /** {@code cos 36 deg = (1 + sqrt 5) / 4}. */
  @Test
  void cosinesFollowTheFormula() {
    double[] rates = rates(PLAIN.with().schedule(new Schedule.Cosine(0.2)).build());
    assertEquals(1, rates[0]);
    assertEquals(0.6, rates[5], 1e-12);
    assertEquals(0.2 + 0.8 * (1 + (1 + Math.sqrt(5)) / 4) / 2, rates[2], 1e-12);
  }

  @Test
  void oneCycleRisesAndFalls() {
    double[] rates = rates(PLAIN.with().schedule(new Schedule.OneCycle(0.4, 0.1, 0)).build());
    assertArrayEquals(
        new double[] {0.1, 0.55, 1}, new double[] {rates[0], rates[2], rates[4]}, 1e-12);
    assertEquals(0.5, rates[7], 1e-12);
    assertEquals((1 - Math.sqrt(3) / 2) / 2, rates[9], 1e-12);
  }

  @Test
  void theyGoThroughJsonUnchanged() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (Optimizer optimizer :
        List.of(new Optimizer.Sgd(0.9), new Optimizer.Adam(), new Optimizer.AdamW(0.01))) {
      TrainingOptions options =
          PLAIN
              .with()
              .optimizer(optimizer)
              .schedule(new Schedule.OneCycle(0.3, 0.1, 0))
              .frozenLayers(List.of("conv1"))
              .build();
      String text = json.writeValueAsString(options);
      assertEquals(options, json.readValue(text, TrainingOptions.class), text);
    }
    assertTrue(json.writeValueAsString(PLAIN).contains("\"schedule\":{\"type\":\"constant\"}"));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    SpyhopException e = assertThrows(SpyhopException.class, () -> PLAIN.with().epochs(0).build());
    assertEquals("Training: expected epochs from 1 to 1000000, received 0.", e.getMessage());
    assertThrows(SpyhopException.class, () -> PLAIN.with().learningRate(Double.NaN).build());
    assertThrows(SpyhopException.class, () -> PLAIN.with().learningRate(0).build());
    assertThrows(SpyhopException.class, () -> PLAIN.with().averaging(1).build());
    assertThrows(SpyhopException.class, () -> new Schedule.Cosine(2));
  }

  /** By hand: shares 0.9 and 9/11, from 0 to 1 and then 3. */
  @Test
  void averagesForgetTheBeginning() {
    WeightAverage average = new WeightAverage(0.99, one(0));
    average.update(one(1));
    assertEquals(0.9, average.weights().get("w").data()[0], 1e-6);
    average.update(one(3));
    assertEquals(0.9 + 9 / 11.0 * 2.1, average.weights().get("w").data()[0], 1e-6);
    WeightAverage later = new WeightAverage(0.99, one(1), 100_000);
    later.update(one(2));
    assertEquals(1.01, later.weights().get("w").data()[0], 1e-6);
  }

  private static Weights one(float value) {
    return new Weights(Map.of("w", new Tensor(Axes.C, new int[] {1}, new float[] {value})));
  }

  @Test
  void historyBecomesCsvWithAColumnForEveryMetric() {
    TrainingHistory history =
        new TrainingHistory(
            List.of(
                new TrainingHistory.Epoch(1, 10, 0.5, Map.of(), 0.001, 1.25, false, List.of()),
                new TrainingHistory.Epoch(
                    2,
                    20,
                    0.25,
                    Map.of("F1, all", 0.75),
                    1e-5,
                    2,
                    true,
                    List.of(Symptom.OVERFITTING, Symptom.RATE_TOO_HIGH))),
            Map.of());
    assertEquals(
        "epoch,step,loss,\"F1, all\",learning_rate,seconds,best,symptoms\n"
            + "1,10,0.5,,0.001,1.250,false,\n"
            + "2,20,0.25,0.75,1.0E-5,2.000,true,overfitting rate-too-high\n",
        history.csv());
    assertEquals(
        "epoch 2/30  loss 0.2500  F1, all 0.7500  rate 1.00e-05  2.0 s  *",
        history.epochs().get(1).line(30));
    assertEquals(
        "epoch,step,loss,\"F1, all\",learning_rate,seconds,best,symptoms\n"
            + "0,0,,0.5,,,true,\n"
            + "1,10,0.5,,0.001,1.250,false,\n"
            + "2,20,0.25,0.75,1.0E-5,2.000,true,overfitting rate-too-high\n",
        new TrainingHistory(history.epochs(), Map.of("F1, all", 0.5)).csv());
  }
}
