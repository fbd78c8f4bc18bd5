package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Axes;

class UpdaterTest {

  private static final Parameter KERNEL =
      new Parameter("a.weight", "a", Parameter.Role.KERNEL, Axes.OI, List.of(2, 2));
  private static final Parameter BIAS =
      new Parameter("b.bias", "b", Parameter.Role.BIAS, Axes.C, List.of(2));

  private final float[] kernel = {1, -2, 3, 0.5f};
  private final float[] bias = {0.1f, -0.3f};
  private final float[] kernelGradient = new float[4];
  private final float[] biasGradient = new float[2];

  private Updater updater(Optimizer optimizer) {
    return updater(optimizer, Map.of());
  }

  private Updater updater(Optimizer optimizer, Map<String, Double> rates) {
    return new Updater(
        optimizer,
        rates,
        List.of(
            new Updater.Slot(KERNEL, FloatBuffer.wrap(kernel), FloatBuffer.wrap(kernelGradient)),
            new Updater.Slot(BIAS, FloatBuffer.wrap(bias), FloatBuffer.wrap(biasGradient))));
  }

  private void gradients(int step) {
    Random random = new Random(step);
    for (int i = 0; i < 4; i++) kernelGradient[i] = (float) random.nextGaussian();
    for (int i = 0; i < 2; i++) biasGradient[i] = (float) random.nextGaussian();
  }

  /** One value's history under Adam, as in the paper's Algorithm 1. */
  private double adam(double w, int which, int steps, double rate, double decay) {
    double m = 0;
    double v = 0;
    for (int t = 1; t <= steps; t++) {
      gradients(t);
      double g = which < 4 ? kernelGradient[which] : biasGradient[which - 4];
      if (which < 4) w -= rate * decay * w;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      w -= rate * m / (1 - Math.pow(0.9, t)) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
    }
    return w;
  }

  @Test
  void adamAndAdamWFollowTheirPapers() {
    for (double decay : new double[] {0, 0.1}) {
      UpdaterTest test = new UpdaterTest();
      double[] expected = new double[6];
      for (int i = 0; i < 6; i++) {
        expected[i] = adam(i < 4 ? test.kernel[i] : test.bias[i - 4], i, 5, 0.01, decay);
      }
      Optimizer optimizer = decay == 0 ? new Optimizer.Adam() : new Optimizer.AdamW(decay);
      Updater updater = test.updater(optimizer);
      for (int t = 1; t <= 5; t++) {
        test.gradients(t);
        updater.update(1, 0.01);
      }
      for (int i = 0; i < 6; i++) {
        assertEquals(expected[i], i < 4 ? test.kernel[i] : test.bias[i - 4], 1e-6);
      }
    }
  }

  @Test
  void sgdFollowsNesterov() {
    // Sutskever et al. 2013: v' = mu v - rate g(w + mu v), w' = w + v'; for a constant gradient
    // the look-ahead form w + mu v' is what is stored
    double w = kernel[1];
    double v = 0;
    Updater updater = updater(new Optimizer.Sgd(0.9));
    for (int t = 1; t <= 4; t++) {
      gradients(7);
      v = 0.9 * v - 0.1 * kernelGradient[1];
      w += v;
      updater.update(1, 0.1);
    }
    assertEquals(w + 0.9 * v, kernel[1], 1e-5);
  }

  @Test
  void l2PullsKernelsOnly() {
    gradients(1);
    float k = kernelGradient[2] + 0.5f * kernel[2];
    float b = biasGradient[1];
    double norm = updater(new Optimizer.Sgd(0)).prepare(0.5);
    assertEquals(k, kernelGradient[2], 1e-6);
    assertEquals(b, biasGradient[1]);
    double squares = 0;
    for (float g : kernelGradient) squares += g * g;
    for (float g : biasGradient) squares += g * g;
    assertEquals(Math.sqrt(squares), norm, 1e-6);
  }

  @Test
  void gradientsAreScaled() {
    gradients(1);
    float expected = bias[0] - 0.1f * 0.25f * biasGradient[0];
    updater(new Optimizer.Sgd(0)).update(0.25, 0.1);
    assertEquals(expected, bias[0], 1e-7);
  }

  @Test
  void eachLayerHasItsOwnRate() {
    Map<String, Double> rates = Map.of("a", 0.25);
    UpdaterTest sgd = new UpdaterTest();
    sgd.gradients(1);
    double kernel = sgd.kernel[3] - 0.25 * 0.1 * sgd.kernelGradient[3];
    double bias = sgd.bias[1] - 0.1 * sgd.biasGradient[1];
    sgd.updater(new Optimizer.Sgd(0), rates).update(1, 0.1);
    assertEquals(kernel, sgd.kernel[3], 1e-7);
    assertEquals(bias, sgd.bias[1], 1e-7);

    UpdaterTest adam = new UpdaterTest();
    double slow = adam(adam.kernel[2], 2, 3, 0.25 * 0.01, 0.1);
    double usual = adam(adam.bias[0], 4, 3, 0.01, 0.1);
    Updater updater = adam.updater(new Optimizer.AdamW(0.1), rates);
    for (int t = 1; t <= 3; t++) {
      adam.gradients(t);
      updater.update(1, 0.01);
    }
    assertEquals(slow, adam.kernel[2], 1e-6);
    assertEquals(usual, adam.bias[0], 1e-6);
  }

  @Test
  void ratesThatFreezeOrDivergeAreRefused() {
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      SpyhopException e =
          assertThrows(
              SpyhopException.class,
              () ->
                  new TrainingPlan(
                      List.of(), new Optimizer.Adam(), 0, 1, Set.of(), Map.of("conv1", rate), 0));
      assertEquals(
          "learning rate of layer conv1: expected a factor above 0, received "
              + rate
              + "; freeze a layer to keep it as it is",
          e.getMessage());
    }
  }

  @Test
  void resumesExactly() {
    for (Optimizer o :
        List.of(new Optimizer.Sgd(0.9), new Optimizer.Adam(), new Optimizer.AdamW(0.01))) {
      UpdaterTest one = new UpdaterTest();
      UpdaterTest two = new UpdaterTest();
      Updater first = one.updater(o);
      Updater second = two.updater(o);
      for (int t = 0; t < 6; t++) {
        if (t == 3) {
          Updater resumed = two.updater(o);
          resumed.restore(second.state());
          second = resumed;
        }
        one.gradients(t);
        two.gradients(t);
        first.update(1, 0.01);
        second.update(1, 0.01);
      }
      assertArrayEquals(one.kernel, two.kernel);
      assertArrayEquals(one.bias, two.bias);
      assertEquals(6, second.steps());
    }
  }

  @Test
  void anotherOptimizersStateIsRefused() {
    Updater adam = updater(new Optimizer.Adam());
    Updater sgd = updater(new Optimizer.Sgd(0.5));
    sgd.update(1, 0.1);
    SpyhopException e = assertThrows(SpyhopException.class, () -> adam.restore(sgd.state()));
    assertTrue(e.getMessage().contains("a.weight.second_moment"), e.getMessage());
    assertEquals(0, adam.steps());
  }
}
