package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.Padding;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** What every engine must do. Outputs and gradients are compared with {@link Reference}. */
public abstract class EngineContract {

  protected abstract Engine engine();

  private Device device() {
    return engine().devices().get(0);
  }

  /** A small network and the size of its input. */
  private record Case(String name, Network network, int[] input) {}

  private static Case plane(String name, int channels, int h, int w, Layer... layers) {
    return new Case(
        name,
        new Network(
            List.of(new Network.Input("in", Shape.of(channels, h, w))),
            List.of(layers),
            List.of(layers[layers.length - 1].name())),
        new int[] {2, channels, h, w});
  }

  private static Case vector(String name, int features, Layer... layers) {
    return new Case(
        name,
        new Network(
            List.of(new Network.Input("in", Shape.of(features))),
            List.of(layers),
            List.of(layers[layers.length - 1].name())),
        new int[] {3, features});
  }

  private static Layer.Convolution convolution(
      String name, String in, int c, int f, int k, int s, int d, Padding padding, boolean bias) {
    return new Layer.Convolution(
        name, in, c, f, List.of(k, k), List.of(s, s), List.of(d, d), padding, bias);
  }

  private static Layer relu(String name, String in) {
    return new Layer.Activation(name, in, Function.RELU);
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Padding p : Padding.values()) {
      for (int[] kds :
          new int[][] {
            {1, 1, 1}, {3, 1, 1}, {2, 1, 1}, {5, 1, 2}, {3, 1, 3}, {3, 2, 1}, {3, 3, 1}, {2, 2, 1},
            {3, 2, 2}
          }) {
        cases.add(
            plane(
                "convolution kernel " + kds[0] + " dilation " + kds[1] + " stride " + kds[2] + p,
                2,
                11,
                8,
                convolution("c", "in", 2, 3, kds[0], kds[2], kds[1], p, kds[0] != 2)));
      }
      cases.add(
          plane(
              "convolution, all different " + p,
              3,
              9,
              12,
              new Layer.Convolution(
                  "c", "in", 3, 2, List.of(3, 2), List.of(1, 2), List.of(1, 1), p, true)));
      cases.add(
          plane(
              "convolution, dilated differently " + p,
              3,
              9,
              12,
              new Layer.Convolution(
                  "c", "in", 3, 2, List.of(3, 2), List.of(1, 1), List.of(2, 3), p, true)));
      for (int k = 1; k <= 4; k++) {
        for (int s = 1; s <= (p == Padding.SAME ? Math.min(k, 3) : 3); s++) {
          cases.add(
              plane(
                  "transposed convolution kernel " + k + " stride " + s + " " + p,
                  3,
                  4,
                  5,
                  new Layer.TransposedConvolution(
                      "t", "in", 3, 2, List.of(k, k), List.of(s, s), p, k != 3)));
        }
      }
      cases.add(
          plane(
              "transposed convolution, all different " + p,
              2,
              4,
              3,
              new Layer.TransposedConvolution(
                  "t", "in", 2, 3, List.of(3, 4), List.of(2, 3), p, true)));
      for (PoolingKind kind : PoolingKind.values()) {
        for (int[] ks : new int[][] {{2, 2}, {3, 2}, {3, 1}, {2, 3}}) {
          cases.add(
              plane(
                  kind + " pooling kernel " + ks[0] + " stride " + ks[1] + " " + p,
                  2,
                  7,
                  8,
                  new Layer.Pooling(
                      "p", "in", kind, List.of(ks[0], ks[0]), List.of(ks[1], ks[1]), p)));
        }
        cases.add(
            plane(
                kind + " pooling, all different " + p,
                2,
                8,
                7,
                new Layer.Pooling("p", "in", kind, List.of(2, 3), List.of(3, 2), p)));
      }
    }
    for (PoolingKind kind : PoolingKind.values()) {
      cases.add(
          plane("global " + kind + " pooling", 3, 5, 6, new Layer.GlobalPooling("g", "in", kind)));
    }
    for (Interpolation i : Interpolation.values()) {
      for (int[] f : new int[][] {{2, 2}, {3, 3}, {1, 4}, {3, 2}}) {
        cases.add(
            plane(
                i + " upsampling by " + Arrays.toString(f),
                2,
                4,
                5,
                new Layer.Upsampling("u", "in", List.of(f[0], f[1]), i)));
      }
    }
    for (Function f : Function.values()) {
      cases.add(plane(f + " of planes", 3, 4, 5, new Layer.Activation("a", "in", f)));
      cases.add(vector(f + " of vectors", 5, new Layer.Activation("a", "in", f)));
    }
    cases.add(plane("batch norm of planes", 3, 4, 5, new Layer.BatchNorm("b", "in", 3, 1e-3, 0.9)));
    cases.add(vector("batch norm of vectors", 4, new Layer.BatchNorm("b", "in", 4, 1e-5, 0.99)));
    cases.add(vector("dense", 5, new Layer.Dense("d", "in", 5, 4, true)));
    cases.add(vector("dense without bias", 5, new Layer.Dense("d", "in", 5, 1, false)));
    cases.add(
        plane(
            "flatten, dense",
            2,
            3,
            4,
            new Layer.Flatten("f", "in"),
            new Layer.Dense("d", "f", 24, 3, true)));
    cases.add(
        plane(
            "concat and add, maps used twice",
            2,
            5,
            4,
            convolution("c1", "in", 2, 3, 3, 1, 1, Padding.SAME, true),
            relu("r1", "c1"),
            convolution("c2", "r1", 3, 3, 3, 1, 1, Padding.SAME, true),
            new Layer.Add("sum", List.of("r1", "c2", "r1")),
            new Layer.Concat("cat", List.of("sum", "in", "c1")),
            convolution("c3", "cat", 8, 2, 1, 1, 1, Padding.SAME, true)));
    cases.add(
        plane(
            "functions in a chain",
            2,
            4,
            4,
            convolution("c", "in", 2, 3, 3, 1, 1, Padding.SAME, true),
            new Layer.Activation("t", "c", Function.TANH),
            new Layer.Activation("l", "t", Function.LEAKY_RELU),
            new Layer.Activation("s", "l", Function.SIGMOID)));
    cases.add(
        plane(
            "u-net with batch norm",
            1,
            8,
            12,
            convolution("c1", "in", 1, 3, 3, 1, 1, Padding.SAME, false),
            new Layer.BatchNorm("b1", "c1", 3, 1e-3, 0.9),
            relu("r1", "b1"),
            new Layer.Pooling(
                "p1", "r1", PoolingKind.MAX, List.of(2, 2), List.of(2, 2), Padding.VALID),
            convolution("c2", "p1", 3, 4, 3, 1, 1, Padding.SAME, true),
            relu("r2", "c2"),
            new Layer.Upsampling("u1", "r2", List.of(2, 2), Interpolation.NEAREST),
            new Layer.Concat("cat1", List.of("u1", "r1")),
            convolution("c3", "cat1", 7, 3, 3, 1, 1, Padding.SAME, true),
            new Layer.BatchNorm("b3", "c3", 3, 1e-3, 0.9),
            relu("r3", "b3"),
            convolution("head", "r3", 3, 2, 1, 1, 1, Padding.SAME, true)));
    return cases;
  }

  /** Values in [-1, 1) that differ by at least 1e-3 or so, so that no maximum is a tie. */
  private static Tensor random(long seed, int... shape) {
    Axes axes = shape.length == 2 ? Axes.NC : Axes.NCHW;
    Tensor t = Tensor.zeros(axes, shape);
    Random random = new Random(seed);
    for (int i = 0; i < t.length(); i++) t.data()[i] = 2 * random.nextFloat() - 1;
    return t;
  }

  /** Weights of which none is 0 or 1, so that none can be forgotten. */
  private static Weights weights(Network network) {
    Weights initial = Initialization.of(network, 1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    initial
        .tensors()
        .forEach(
            (name, t) -> {
              Random random = new Random(name.hashCode());
              float[] values = t.data().clone();
              for (int i = 0; i < values.length; i++) values[i] += 0.4f * random.nextFloat();
              tensors.put(name, new Tensor(t.axes(), t.shape(), values));
            });
    return new Weights(tensors);
  }

  private static void assertClose(
      double[] expected, float[] actual, double tolerance, String what) {
    assertEquals(expected.length, actual.length, what);
    double scale = 1;
    for (double e : expected) scale = Math.max(scale, Math.abs(e));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * scale, what + " at " + i);
    }
  }

  @TestFactory
  Stream<DynamicTest> outputsAgreeWithTheReference() {
    return cases().stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> outputs(c)));
  }

  private void outputs(Case c) {
    Weights weights = weights(c.network());
    Tensor x = random(2, c.input());
    Map<String, Reference.Map4> expected =
        Reference.run(
            c.network(), Reference.doubles(weights), Map.of("in", Reference.of(x)), false);
    List<String> layers = c.network().layers().stream().map(Layer::name).toList();
    try (Predictor p = engine().predictor(c.network(), weights, device())) {
      Map<String, Tensor> all = p.activations(Map.of("in", x), layers);
      for (String layer : layers) {
        assertArrayEquals(expected.get(layer).tensor().shape(), all.get(layer).shape(), layer);
        assertClose(expected.get(layer).v(), all.get(layer).data(), 2e-6, layer);
      }
      Tensor last = p.predict(x);
      assertClose(expected.get(layers.get(layers.size() - 1)).v(), last.data(), 2e-6, "alone");
    }
  }

  @TestFactory
  Stream<DynamicTest> inputGradientsAgreeWithFiniteDifferences() {
    return cases().stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> inputGradient(c)));
  }

  private void inputGradient(Case c) {
    Weights weights = weights(c.network());
    Map<String, double[]> w = Reference.doubles(weights);
    Tensor x = random(2, c.input());
    Reference.Map4 at = Reference.of(x);
    try (Predictor p = engine().predictor(c.network(), weights, device())) {
      for (Layer layer : c.network().layers()) {
        Reference.Map4 y = Reference.run(c.network(), w, Map.of("in", at), false).get(layer.name());
        Tensor direction = random(3, y.tensor().shape());
        double[] expected =
            differences(
                at.v(),
                () ->
                    dot(
                        Reference.run(c.network(), w, Map.of("in", at), false)
                            .get(layer.name())
                            .v(),
                        direction.data()));
        Tensor actual = p.gradient(Map.of("in", x), layer.name(), direction, "in");
        assertArrayEquals(x.shape(), actual.shape());
        assertClose(expected, actual.data(), 1e-5, layer.name());
      }
    }
  }

  private interface Value {
    double get();
  }

  /** Central differences with respect to each of some values. */
  private static double[] differences(double[] at, Value f) {
    double[] d = new double[at.length];
    double h = 1e-6;
    for (int i = 0; i < d.length; i++) {
      double before = at[i];
      at[i] = before + h;
      double above = f.get();
      at[i] = before - h;
      double below = f.get();
      at[i] = before;
      d[i] = (above - below) / (2 * h);
    }
    return d;
  }

  private static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }

  @TestFactory
  Stream<DynamicTest> parameterGradientsAgreeWithFiniteDifferences() {
    return cases().stream()
        .filter(c -> !weights(c.network()).tensors().isEmpty())
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> parameterGradients(c)));
  }

  /** With plain gradient descent and rate 1, weights change by minus their gradient. */
  private void parameterGradients(Case c) {
    Weights weights = weights(c.network());
    Map<String, double[]> w = Reference.doubles(weights);
    Tensor x = random(2, c.input());
    Map<String, Reference.Map4> in = Map.of("in", Reference.of(x));
    String out = c.network().outputs().get(0);
    Tensor truth = random(4, Reference.run(c.network(), w, in, true).get(out).tensor().shape());
    Value loss =
        () -> {
          double[] y = Reference.run(c.network(), w, in, true).get(out).v();
          double sum = 0;
          for (int i = 0; i < y.length; i++) sum += Math.pow(y[i] - truth.data()[i], 2) / y.length;
          return sum;
        };
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(out, new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0,
            Double.POSITIVE_INFINITY,
            Set.of(),
            0);
    try (Trainer t = engine().trainer(c.network(), weights, plan, device())) {
      Trainer.Step step = t.step(Map.of("in", x), Map.of(out, Target.of(truth)), 1);
      assertEquals(loss.get(), step.loss(), 1e-5 * Math.max(1, step.loss()));
      Weights after = t.weights();
      double squares = 0;
      for (Map.Entry<String, double[]> e : w.entrySet()) {
        if (e.getKey().contains("running")) continue;
        double[] expected = differences(e.getValue(), loss);
        float[] change = after.get(e.getKey()).data();
        for (int i = 0; i < change.length; i++) {
          change[i] = weights.get(e.getKey()).data()[i] - change[i];
          squares += expected[i] * expected[i];
        }
        assertClose(expected, change, 1e-5, e.getKey());
      }
      assertEquals(Math.sqrt(squares), step.gradientNorm(), 1e-5 * Math.sqrt(squares) + 1e-6);
      assertTrue(step.isFinite());
    }
  }
}
