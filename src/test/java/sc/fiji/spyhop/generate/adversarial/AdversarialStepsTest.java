package sc.fiji.spyhop.generate.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Held to PyTorch, by what src/test/python/adversarial_steps.py prints: three steps of two small
 * networks from weights, noise and images that follow formulas.
 */
class AdversarialStepsTest {

  private static final AdversarialNetworks NETWORKS =
      AdversarialNetworks.of(
          "4T2v BN 1T4/2 tanh", "4C4/2s lrelu 4C3 BN lrelu 1C2v linear", 3, Shape.of(1, 4, 4));

  /** Loss of discriminator and generator, and shares taken for real, by step. */
  private static final double[][] STEPS = {
    {1.336929, 1.053906, 0.0, 0.0}, {1.315271, 0.880060, 0.4, 0.0}, {1.408834, 1.002277, 0.6, 0.6}
  };

  private static final Map<String, double[]> GENERATOR =
      Map.of(
          "tconv1.weight", new double[] {-0.182274, -7.138854},
          "tconv1_bn.weight", new double[] {5.448748, 12.942009},
          "tconv1_bn.bias", new double[] {0.194774, -0.847717},
          "tconv1_bn.running_mean", new double[] {0.010195, -0.030361},
          "tconv2.weight", new double[] {3.115641, 158.081755},
          "tconv2.bias", new double[] {-0.344102, -0.344102});

  private static final Map<String, double[]> DISCRIMINATOR =
      Map.of(
          "conv1.weight", new double[] {-1.322760, -70.859902},
          "conv1.bias", new double[] {5.628233, 13.543363},
          "conv2.weight", new double[] {-0.087235, 3.092388},
          "conv2_bn.weight", new double[] {2.897659, 6.146152},
          "conv2_bn.bias", new double[] {-1.276659, -2.622268},
          "conv3.weight", new double[] {1.062366, 18.382778},
          "conv3.bias", new double[] {-0.081885, -0.081885});

  static List<Engine> engines() {
    return Plugins.all(Engine.class).stream()
        .filter(e -> e.capabilities().contains(Capability.TRAINING) && !e.devices().isEmpty())
        .toList();
  }

  private static float[] formula(int length, double phase, double scale) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = (float) (scale * Math.sin(phase + 0.7 * i));
    return values;
  }

  /** Numbers of parameters are those of PyTorch, whose every second one of a vector is about 1. */
  private static Weights weights(Network network) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int k = 0;
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      float[] values = new float[(int) p.length()];
      if (p.role().isTrained()) {
        values = formula(values.length, k, 0.5);
        if (shape.length == 1 && k % 2 == 1) for (int i = 0; i < values.length; i++) values[i]++;
        k++;
      } else if (p.role() == Parameter.Role.RUNNING_VARIANCE) {
        Arrays.fill(values, 1);
      }
      tensors.put(p.name(), new Tensor(p.axes(), shape, values));
    }
    return new Weights(tensors);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void stepsAreThoseOfPyTorch(Engine engine) {
    AdversarialOptions options = new AdversarialOptions(1, 3, 5, 0.05, 0.5, 0.1, 0, 1);
    try (AdversarialSteps steps =
        new AdversarialSteps(
            NETWORKS,
            weights(NETWORKS.generator()),
            weights(NETWORKS.discriminator()),
            options,
            engine,
            engine.devices().get(0))) {
      for (int i = 0; i < STEPS.length; i++) {
        Tensor real = new Tensor(Axes.NCHW, new int[] {5, 1, 4, 4}, formula(80, 10 + i, 1));
        Tensor noise = new Tensor(Axes.NCHW, new int[] {5, 3, 1, 1}, formula(15, 20 + i, 2));
        AdversarialSteps.Made made = steps.step(real, noise, options.learningRate());
        String step = "step " + i;
        assertEquals(STEPS[i][0], made.discriminatorLoss(), 2e-4, step);
        assertEquals(STEPS[i][1], made.generatorLoss(), 2e-4, step);
        assertEquals(STEPS[i][2], made.realTaken(), 1e-9, step);
        assertEquals(STEPS[i][3], made.generatedTaken(), 1e-9, step);
      }
      assertSums(GENERATOR, steps.generator().weights());
      assertSums(DISCRIMINATOR, steps.discriminator().weights());
    }
  }

  private static void assertSums(Map<String, double[]> expected, Weights weights) {
    expected.forEach(
        (name, sums) -> {
          double sum = 0;
          double byPlace = 0;
          float[] values = weights.get(name).data();
          for (int i = 0; i < values.length; i++) {
            sum += values[i];
            byPlace += (i + 1) * values[i];
          }
          double tolerance = 1e-3 * values.length;
          assertEquals(sums[0], sum, tolerance, name);
          assertEquals(sums[1], byPlace, tolerance * values.length, name);
        });
  }
}
