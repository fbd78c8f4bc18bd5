package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class SimilarityTest {

  /** By hand: a quarter turn, twice as large, shifted by (10, 20): (x, y) to (10 - 2y, 20 + 2x). */
  @Test
  void aQuarterTurnTwiceAsLarge() {
    Affine map =
        Similarity.fit(
            List.of(
                new Similarity.Match(0, 0, 10, 20),
                new Similarity.Match(3, 0, 10, 26),
                new Similarity.Match(0, 5, 0, 20)));
    assertEquals(10 - 2 * 7, map.x(4, 7), 1e-12);
    assertEquals(20 + 2 * 4, map.y(4, 7), 1e-12);
    assertEquals(4, map.determinant(), 1e-12);
  }

  /** Of points that only a mirror would bring into place: Umeyama's least squares keeps from it. */
  @Test
  void neverMirrors() {
    Affine map =
        Similarity.fit(
            List.of(
                new Similarity.Match(0, 0, 0, 0),
                new Similarity.Match(4, 0, 4, 0),
                new Similarity.Match(2, 3, 2, -3)));
    assertTrue(map.determinant() > 0);
  }

  /** A square that is stretched to 2 x 1: the best scale is the mean of both, without a turn. */
  @Test
  void leastSquares() {
    Affine map =
        Similarity.fit(
            List.of(
                new Similarity.Match(-1, -1, -2, -1),
                new Similarity.Match(1, -1, 2, -1),
                new Similarity.Match(-1, 1, -2, 1),
                new Similarity.Match(1, 1, 2, 1)));
    assertEquals(1.5, map.xx(), 1e-12);
    assertEquals(0, map.yx(), 1e-12);
  }

  /** x' = 1.2 x - 1.6 y + 5, y' = 1.6 x + 1.2 y - 7: twice as large, turned by that of 3, 4, 5. */
  @Test
  void pointsFarFromTheOrigin() {
    Affine map =
        Similarity.fit(
            List.of(
                new Similarity.Match(10, 20, -15, 33),
                new Similarity.Match(13, 20, -11.4, 37.8),
                new Similarity.Match(10, 24, -21.4, 37.8)));
    assertEquals(1.2, map.xx(), 1e-12);
    assertEquals(-1.6, map.xy(), 1e-12);
    assertEquals(5, map.x0(), 1e-12);
    assertEquals(1.6, map.yx(), 1e-12);
    assertEquals(1.2, map.yy(), 1e-12);
    assertEquals(-7, map.y0(), 1e-12);
  }

  @Test
  void refusesToBringAllIntoOnePlace() {
    assertThrows(
        SpyhopException.class,
        () ->
            Similarity.fit(
                List.of(new Similarity.Match(0, 0, 5, 5), new Similarity.Match(1, 0, 5, 5))));
  }

  @Test
  void refusesPointsInOnePlace() {
    assertThrows(
        SpyhopException.class,
        () ->
            Similarity.fit(
                List.of(new Similarity.Match(1, 1, 0, 0), new Similarity.Match(1, 1, 5, 5))));
    assertThrows(
        SpyhopException.class, () -> Similarity.fit(List.of(new Similarity.Match(1, 1, 0, 0))));
  }

  @Test
  void partsAreThoseItWasMadeOf() {
    Similarity.Parts parts = new Similarity.Parts(3, -4, 0.3, 1.25);
    Affine map = Similarity.of(parts, 48, 40);
    assertEquals(51, map.x(48, 40), 1e-12);
    assertEquals(36, map.y(48, 40), 1e-12);
    // 10 to the right of the middle: turned by 0.3 and 1.25 times as far
    assertEquals(51 + 12.5 * Math.cos(0.3), map.x(58, 40), 1e-12);
    assertEquals(36 + 12.5 * Math.sin(0.3), map.y(58, 40), 1e-12);
    Similarity.Parts again = Similarity.parts(map, 48, 40);
    assertEquals(0.3, again.radians(), 1e-12);
    assertEquals(1.25, again.scale(), 1e-12);
    assertEquals(3, again.x(), 1e-12);
    assertEquals(-4, again.y(), 1e-12);
  }
}
