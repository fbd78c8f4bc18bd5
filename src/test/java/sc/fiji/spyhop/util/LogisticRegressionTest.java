package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {

  /**
   * Expected coefficients: scikit-learn's LogisticRegression with C = 1 on the standardised
   * variables, each observation twice, as a 1 and as a 0, weighted by Platt's targets.
   */
  @Test
  void agreesWithAnotherImplementation() {
    double[][] x = {
      {0.5, 3}, {1.5, 1}, {2, 4}, {2.5, 2}, {3, 5}, {3.5, 1}, {4, 6}, {4.5, 2}, {5, 3}, {6, 5}
    };
    List<Boolean> outcomes =
        List.of(false, false, true, false, true, false, true, true, true, true);
    List<Double> c = LogisticRegression.fit(x, outcomes);
    assertEquals(3, c.size());
    assertEquals(-2.024479, c.get(0), 1e-4);
    assertEquals(0.361510, c.get(1), 1e-4);
    assertEquals(0.415328, c.get(2), 1e-4);
  }

  /**
   * With no variable that tells anything, the share of Platt's targets: (6 * 7/8 + 1/6 * 4) / 10.
   */
  @Test
  void aVariableThatDoesNotVaryCountsNothing() {
    double[][] x = new double[10][1];
    List<Boolean> outcomes =
        List.of(true, true, true, true, true, true, false, false, false, false);
    List<Double> c = LogisticRegression.fit(x, outcomes);
    assertEquals(0, c.get(1));
    assertEquals((6 * 7 / 8.0 + 4 / 6.0) / 10, LogisticRegression.probability(c.get(0)), 1e-6);
  }

  @Test
  void outcomesThatAreAllAlikeAreNeverCertain() {
    double[][] x = {{1}, {2}, {3}, {4}};
    List<Double> c = LogisticRegression.fit(x, List.of(true, true, true, true));
    double p = LogisticRegression.probability(c.get(0) + 2.5 * c.get(1));
    assertTrue(p > 0.7 && p < 0.95, "five sixths is Platt's target: " + p);
  }
}
