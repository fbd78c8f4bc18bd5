package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class FrechetDistanceTest {

  /** Means 1 and 3, variances 2 and 8: 4 + 2 + 8 - 2 * 4. */
  @Test
  void ofNumbersByHand() {
    assertEquals(
        6, FrechetDistance.between(new double[][] {{0}, {2}}, new double[][] {{1}, {5}}), 1e-12);
  }

  /** By NumPy and SciPy, {@code trace(sqrtm(c @ d))}. */
  @Test
  void ofPointsAsOtherProgramsHaveIt() {
    double[][] a =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    new double[] {
                      Math.sin(i * 0.9),
                      Math.cos(i * 1.7) + 0.5 * Math.sin(i * 0.9),
                      Math.pow(Math.sin(i * 0.31), 2)
                    })
            .toArray(double[][]::new);
    double[][] b =
        IntStream.range(0, 45)
            .mapToObj(
                i ->
                    new double[] {Math.cos(i * 0.8) + 1, Math.cos(i * 1.3), Math.sin(i * 0.47) * 2})
            .toArray(double[][]::new);
    assertEquals(2.249445070077451, FrechetDistance.between(a, b), 1e-9);
    assertEquals(0, FrechetDistance.between(a, a), 1e-9);
    assertEquals(2.249445070077451, FrechetDistance.between(b, a), 1e-9);
  }

  /** As of features that are never above 0. */
  @Test
  void numbersThatAreAlwaysTheSameDoNoHarm() {
    double[][] a = {{0, 0, 1}, {0, 2, 1}};
    double[][] b = {{0, 1, 1}, {0, 5, 1}};
    assertEquals(6, FrechetDistance.between(a, b), 1e-9);
  }

  /** As of few images and many features, or of images that are all the same. */
  @Test
  void fewPointsOfManyNumbersAreTakenAsTheyAre() {
    double[][] few = new double[4][80];
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k < 80; k++) few[i][k] = Math.max(0, Math.sin(i * 80 + k) - 0.3);
    }
    assertEquals(0, FrechetDistance.between(few, few), 1e-9);
    double[][] same = {few[0], few[0], few[0]};
    double[][] other = {few[1], few[1]};
    double squares = 0;
    for (int k = 0; k < 80; k++) squares += Math.pow(few[0][k] - few[1][k], 2);
    assertEquals(squares, FrechetDistance.between(same, other), 1e-9);
  }

  @Test
  void onePointIsTooFew() {
    assertThrows(
        SpyhopException.class,
        () -> FrechetDistance.between(new double[][] {{1}}, new double[][] {{1}, {2}}));
  }
}
