package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.image.Affine;

class PlacementTest {

  /** Shown at half the size: each value covers 2 x 2 pixels, each of which gets a quarter of it. */
  @Test
  void enlarged() {
    Placement half = new Placement(2, 1, Affine.scale(2, 2), 4, 2);
    float[] plane = {8, -4};
    assertArrayEquals(new float[] {8, 8, -4, -4, 8, 8, -4, -4}, half.mean(plane), 1e-6f);
    assertArrayEquals(new float[] {2, 2, -1, -1, 2, 2, -1, -1}, half.shared(plane), 1e-6f);
  }

  /** Shown at one and a half times the size: pixel 0 covers value 0 and half of value 1. */
  @Test
  void reduced() {
    Placement more = new Placement(3, 1, Affine.scale(2 / 3.0, 1), 2, 1);
    float[] plane = {6, 3, 9};
    assertArrayEquals(new float[] {7.5f, 10.5f}, more.shared(plane), 1e-5f);
    assertArrayEquals(new float[] {5, 7}, more.mean(plane), 1e-5f);
  }

  /** Shown with a column too many to the left and two to the right. */
  @Test
  void whatIsRepeatedBeyondTheImageBelongsToItsEdge() {
    Placement more = new Placement(6, 1, Affine.translation(-1, 0), 3, 1);
    assertArrayEquals(new float[] {3, 3, 15}, more.shared(new float[] {1, 2, 3, 4, 5, 6}), 1e-6f);
    Placement down = new Placement(1, 3, Affine.scale(1, 2), 1, 4);
    assertArrayEquals(new float[] {1, 1, 2, 5}, down.shared(new float[] {2, 4, 3}), 1e-6f);
  }

  /** Only the middle two of four columns are shown. */
  @Test
  void nothingWhereItIsNotShown() {
    Placement middle = new Placement(2, 1, Affine.translation(1, 0), 4, 1);
    assertArrayEquals(new float[] {0, 5, 6, 0}, middle.mean(new float[] {5, 6}), 0);
    assertArrayEquals(new float[] {0, 5, 6, 0}, middle.smooth(new float[] {5, 6}), 0);
  }

  /** Between cells whose centres are 4 apart, pixels at 0.5, 1.5, ... lie at eighths of the way. */
  @Test
  void smoothBetweenCentres() {
    Placement coarse = new Placement(2, 1, Affine.scale(4, 4), 8, 1);
    assertArrayEquals(
        new float[] {0, 0, 1, 3, 5, 7, 8, 8}, coarse.smooth(new float[] {0, 8}), 1e-5f);
  }
}
