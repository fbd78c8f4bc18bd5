package sc.fiji.spyhop.generate.fooling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PolynomialMutationTest {

  /** (2 x 0.25)^(1/16) is the sixteenth root of a half: four square roots of it. */
  @Test
  void stepsAreThoseOfTheFormula() {
    double root = Math.sqrt(Math.sqrt(Math.sqrt(Math.sqrt(0.5))));
    assertEquals(100 + 255 * (root - 1), PolynomialMutation.of(100, 0, 255, 15, 0.25), 1e-12);
    assertEquals(100 + 255 * (1 - root), PolynomialMutation.of(100, 0, 255, 15, 0.75), 1e-12);
    assertEquals(100, PolynomialMutation.of(100, 0, 255, 15, 0.5), 1e-12);
    // of index 0 it is even: delta is 2u - 1
    assertEquals(0.5 + 4 * 0.2, PolynomialMutation.of(0.5, -2, 2, 0, 0.6), 1e-12);
  }

  @Test
  void whatWouldLeaveTheBoundsStaysAtThem() {
    assertEquals(0, PolynomialMutation.of(5, 0, 255, 15, 0));
    assertEquals(255, PolynomialMutation.of(250, 0, 255, 1, 0.999));
  }
}
