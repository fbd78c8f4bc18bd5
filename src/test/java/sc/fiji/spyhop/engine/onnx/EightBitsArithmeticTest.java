package sc.fiji.spyhop.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.EightBits;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Quantization.Range;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Predictions in eight bits are those of ONNX's definition of QuantizeLinear (round half to even,
 * then cut off), followed here step by step. All steps are powers of two, so that nothing else is
 * rounded and halves do occur: the numbers are equal to the last bit on every processor.
 */
class EightBitsArithmeticTest {

  private static final int SIDE = 4;
  private static final double STEP = 1.0 / 64;

  private static final Network NETWORK =
      NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
          .convolution("first", 2, 1)
          .relu()
          .convolution("middle", 3, 3)
          .flatten("flat")
          .dense("dense", 4)
          .relu()
          .dense("last", 2)
          .build();

  private static final Range POSITIVE = new Range(0, 255 * STEP);

  /** The value 0 is the 64th. */
  private static final Range SIGNED = new Range(-64 * STEP, 191 * STEP);

  private static Quantization quantization() {
    Map<String, Range> ranges = new LinkedHashMap<>();
    for (String map : EightBits.of(NETWORK).maps()) ranges.put(map, POSITIVE);
    ranges.put("middle", SIGNED);
    return EightBits.of(NETWORK).with(ranges);
  }

  /** Multiples of half a step of their channel, the largest of which is 64 steps. */
  private static float[] weights(Random random, int channels, int inner, double step) {
    float[] values = new float[channels * inner];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (step * (random.nextInt(257) - 128) / 2);
      if (i % inner == 0) values[i] = (float) (step * 64);
    }
    return values;
  }

  private static Weights weights() {
    Random random = new Random(5);
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("first.weight", tensor("OIHW", new float[] {1, -1}, 2, 1, 1, 1));
    all.put("first.bias", tensor("C", new float[] {0, 0.75f}, 2));
    all.put("middle.weight", tensor("OIHW", weights(random, 3, 18, STEP / 8), 3, 2, 3, 3));
    all.put("middle.bias", tensor("C", new float[] {0, 0.25f, -0.5f}, 3));
    all.put("dense.weight", tensor("OI", weights(random, 4, 48, STEP / 16), 4, 48));
    all.put("dense.bias", tensor("C", new float[] {0.5f, 0, 1, -0.25f}, 4));
    all.put("last.weight", tensor("OI", weights(random, 2, 4, STEP), 2, 4));
    all.put("last.bias", tensor("C", new float[] {0.125f, 0}, 2));
    return new Weights(all);
  }

  private static Tensor tensor(String axes, float[] values, int... shape) {
    return new Tensor(new Axes(axes), shape, values);
  }

  /** Multiples of half a step, some of which are beyond the range. */
  private static Tensor image() {
    Random random = new Random(6);
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++)
      values[i] = (float) (STEP * (random.nextInt(701) - 140) / 2);
    return tensor("NCHW", values, 1, 1, SIDE, SIDE);
  }

  private static double rounded(double value, int zero) {
    double whole = Math.rint(value / STEP) + zero;
    return (Math.max(0, Math.min(255, whole)) - zero) * STEP;
  }

  private static double[] roundedWeights(Weights weights, String name, double step) {
    float[] values = weights.get(name).data();
    double[] found = new double[values.length];
    for (int i = 0; i < found.length; i++) found[i] = Math.rint(values[i] / step) * step;
    return found;
  }

  /** The definition, in double precision. */
  private static double[] expected() {
    Weights w = weights();
    double[] first = new double[2 * SIDE * SIDE];
    for (int i = 0; i < first.length; i++) {
      int c = i / (SIDE * SIDE);
      double v =
          image().data()[i % (SIDE * SIDE)] * w.get("first.weight").data()[c]
              + w.get("first.bias").data()[c];
      first[i] = rounded(Math.max(0, v), 0);
    }
    double[] kernel = roundedWeights(w, "middle.weight", STEP / 8);
    double[] middle = new double[3 * SIDE * SIDE];
    for (int i = 0; i < middle.length; i++) {
      int f = i / (SIDE * SIDE);
      int y = i / SIDE % SIDE;
      int x = i % SIDE;
      double sum = w.get("middle.bias").data()[f];
      for (int c = 0; c < 2; c++) {
        for (int v = 0; v < 3; v++) {
          for (int u = 0; u < 3; u++) {
            int py = y + v - 1;
            int px = x + u - 1;
            if (py < 0 || py >= SIDE || px < 0 || px >= SIDE) continue;
            sum += first[(c * SIDE + py) * SIDE + px] * kernel[((f * 2 + c) * 3 + v) * 3 + u];
          }
        }
      }
      middle[i] = rounded(sum, 64);
    }
    double[] matrix = roundedWeights(w, "dense.weight", STEP / 16);
    double[] dense = new double[4];
    for (int o = 0; o < 4; o++) {
      dense[o] = w.get("dense.bias").data()[o];
      for (int i = 0; i < 48; i++) dense[o] += middle[i] * matrix[o * 48 + i];
      dense[o] = rounded(Math.max(0, dense[o]), 0);
    }
    double[] last = new double[2];
    for (int o = 0; o < 2; o++) {
      last[o] = w.get("last.bias").data()[o];
      for (int i = 0; i < 4; i++) last[o] += dense[i] * w.get("last.weight").data()[o * 4 + i];
    }
    return last;
  }

  @Test
  void predictionsFollowTheDefinition() {
    assertEquals(List.of("middle", "dense"), quantization().layers());
    Engine engine = new OnnxEngine();
    try (Predictor predictor =
        engine.predictor(NETWORK, weights(), quantization(), engine.devices().get(0))) {
      float[] found = predictor.predict(image()).data();
      double[] exact = new double[found.length];
      for (int i = 0; i < exact.length; i++) exact[i] = found[i];
      assertArrayEquals(expected(), exact);
      assertTrue(predictor.device().name().endsWith(", int8"), predictor.device().name());
    }
  }

  /** Else the test above would show nothing. */
  @Test
  void predictionsIn32BitsAreOthers() {
    Engine engine = new OnnxEngine();
    try (Predictor predictor = engine.predictor(NETWORK, weights(), engine.devices().get(0))) {
      float[] found = predictor.predict(image()).data();
      assertTrue(Math.abs(found[0] - expected()[0]) > STEP / 8, found[0] + "");
      assertEquals("CPU", predictor.device().name());
    }
  }

  @Test
  void otherEnginesRefuseByName() {
    Engine engine = Engines.forTraining();
    String refusal =
        assertThrows(
                SpyhopException.class,
                () -> engine.predictor(NETWORK, weights(), quantization(), engine.devices().get(0)))
            .getMessage();
    assertTrue(refusal.contains(engine.library().name()), refusal);
    assertTrue(refusal.contains("does not compute in eight bits"), refusal);
    assertEquals("onnx", Engines.forPrediction(NETWORK, quantization()).name());
  }
}
