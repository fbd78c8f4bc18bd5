package sc.fiji.spyhop.generate.style;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps are those of PyTorch 2.13: torch.optim.LBFGS without line search, and torch.optim.Adam. */
class MinimizersTest {

  private static final float[] W = {1, 3, 0.5f, 2};
  private static final float[] A = {1, -2, 0.5f, 3};

  /** {@code sum(w (x - a)^2) + 0.1 (x0 x1 - x2)^2 + 0.05 sum(x^4)}. */
  private static double curved(float[] x, float[] gradient) {
    double mixed = x[0] * x[1] - x[2];
    double sum = 0.1 * mixed * mixed;
    for (int i = 0; i < 4; i++) {
      double d = x[i] - A[i];
      sum += W[i] * d * d + 0.05 * Math.pow(x[i], 4);
      gradient[i] = (float) (2 * W[i] * d + 0.2 * Math.pow(x[i], 3));
    }
    gradient[0] += (float) (0.2 * mixed * x[1]);
    gradient[1] += (float) (0.2 * mixed * x[0]);
    gradient[2] -= (float) (0.2 * mixed);
    return sum;
  }

  private static float[] after(Minimizer minimizer, int steps) {
    float[] x = new float[4];
    assertEquals(
        steps, minimizer.minimize(x, MinimizersTest::curved, steps, (step, number, v) -> true));
    return x;
  }

  private static void assertAt(Minimizer minimizer, int steps, double... expected) {
    float[] found = after(minimizer, steps);
    for (int i = 0; i < 4; i++) assertEquals(expected[i], found[i], 2e-4, "step " + steps);
  }

  @Test
  void lbfgsMakesTheStepsOfPyTorch() {
    assertAt(new Lbfgs(3), 1, 0.0754717, -0.4528302, 0.0188679, 0.4528302);
    assertAt(new Lbfgs(3), 2, 0.6420631, -2.0233255, 0.1701419, 2.9437255);
    assertAt(new Lbfgs(3), 3, 0.5780269, -1.7510622, 0.1541558, 2.1437034);
    assertAt(new Lbfgs(3), 5, 0.6706717, -1.7833799, 0.1815153, 2.3561424);
    assertAt(new Lbfgs(3), 8, 0.7075437, -1.778588, 0.201667, 2.3501224);
  }

  @Test
  void adamMakesTheStepsOfPyTorch() {
    assertAt(new Adam(0.1), 1, 0.1, -0.1, 0.1, 0.1);
    assertAt(new Adam(0.1), 5, 0.4913606, -0.4969767, 0.4527881, 0.4982089);
    assertAt(new Adam(0.1), 20, 0.972946, -1.7389362, 0.0153527, 1.8636424);
  }

  /** Rosenbrock's valley, whose minimum is at (1, 1), where full steps overshoot at first. */
  @Test
  void lbfgsHalvesStepsThatOvershoot() {
    float[] x = {-1.2f, 1};
    List<Double> numbers = new ArrayList<>();
    new Lbfgs(10)
        .minimize(
            x,
            (v, g) -> {
              double a = 1 - v[0];
              double b = v[1] - (double) v[0] * v[0];
              g[0] = (float) (-2 * a - 400 * v[0] * b);
              g[1] = (float) (200 * b);
              return a * a + 100 * b * b;
            },
            200,
            (step, number, v) -> numbers.add(number));
    for (int i = 1; i < numbers.size(); i++) {
      assertTrue(numbers.get(i) <= numbers.get(i - 1), numbers.toString());
    }
    assertArrayEquals(new float[] {1, 1}, x, 0.01f);
  }

  @Test
  void endsWhereThereIsNothingToGain() {
    float[] x = {3, 4};
    int steps = new Lbfgs(5).minimize(x, (v, g) -> 7, 10, (step, number, v) -> true);
    assertEquals(0, steps);
    assertArrayEquals(new float[] {3, 4}, x);
  }

  @Test
  void endsWhenTheWatchHasHadEnough() {
    float[] x = new float[4];
    assertEquals(2, new Lbfgs(5).minimize(x, MinimizersTest::curved, 9, (s, n, v) -> s < 2));
    assertEquals(3, new Adam(0.1).minimize(x, MinimizersTest::curved, 9, (s, n, v) -> s < 3));
  }
}
