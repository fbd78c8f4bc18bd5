package sc.fiji.spyhop.generate.fooling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.generate.fooling.Cppn.Function;
import sc.fiji.spyhop.generate.fooling.Cppn.Link;
import sc.fiji.spyhop.generate.fooling.Cppn.Node;
import sc.fiji.spyhop.image.PixelSize;

class CppnTest {

  private static double[] at(Cppn cppn, double x, double y) {
    double[][] out = cppn.at(new double[] {x}, new double[] {y});
    return Arrays.stream(out).mapToDouble(o -> o[0]).toArray();
  }

  /** Node 4 is sin(2x + 1), node 5 is half of it plus the distance, node 6 a bell of y. */
  @Test
  void outputsAreThoseCalculatedByHand() {
    Cppn cppn =
        new Cppn(
            List.of(
                new Node(Function.SINE, List.of(new Link(0, 2), new Link(3, 1))),
                new Node(Function.LINEAR, List.of(new Link(4, 0.5), new Link(2, 0.25))),
                new Node(Function.GAUSSIAN, List.of(new Link(1, 3)))),
            2);
    double[] out = at(cppn, 0.3, -0.4);
    assertEquals(0.5 * Math.sin(1.6) + 0.25 * 0.5, out[0], 1e-12);
    assertEquals(2 * Math.exp(-1.44) - 1, out[1], 1e-12);
    assertEquals(1, at(cppn.with(1, new Node(Function.LINEAR, List.of(new Link(3, 7)))), 0, 0)[0]);
    assertEquals(Math.tanh(0.45), Function.SIGMOID.of(0.9), 1e-12);
  }

  /** With a linear function, what comes out does not change. */
  @Test
  void splittingALinkChangesNothing() {
    CppnGenomes genomes = new CppnGenomes(canvas(3, true));
    Random random = new Random(4);
    Cppn cppn = genomes.random(random);
    for (int i = 0; i < 30; i++) cppn = genomes.mutated(cppn, random, i);
    assertTrue(cppn.hidden() > 0);
    double[] before = at(cppn, 0.2, 0.7);
    for (int node = 0; node < cppn.nodes().size(); node++) {
      Cppn split = cppn.split(node, 0, Function.LINEAR);
      assertEquals(cppn.nodes().size() + 1, split.nodes().size());
      assertArrayEquals(before, at(split, 0.2, 0.7), 1e-9);
    }
  }

  @Test
  void nodesDependOnEarlierOnesAlone() {
    Node late = new Node(Function.SINE, List.of(new Link(4, 1)));
    assertThrows(IllegalArgumentException.class, () -> new Cppn(List.of(late), 1));
  }

  @Test
  void colorsGoAround() {
    assertArrayEquals(new double[] {1, 0, 0}, CppnGenomes.color(0, 1, 1), 1e-12);
    assertArrayEquals(new double[] {1, 1, 0}, CppnGenomes.color(1 / 6.0, 1, 1), 1e-12);
    assertArrayEquals(new double[] {0, 1, 0}, CppnGenomes.color(1 / 3.0, 1, 1), 1e-12);
    assertArrayEquals(new double[] {0, 0, 0.5}, CppnGenomes.color(2 / 3.0, 1, 0.5), 1e-12);
    assertArrayEquals(new double[] {0.8, 0.4, 0.4}, CppnGenomes.color(1, 0.5, 0.8), 1e-12);
  }

  private static Canvas canvas(int channels, boolean color) {
    return new Canvas(4, 2, channels, color, 255, PixelSize.UNCALIBRATED);
  }

  /** x from -0.75 to 0.75 in four columns, y -0.25 and 0.25: pixel for pixel (x + 1) / 2. */
  @Test
  void picturesAreWhatTheNetworkSaysOfPlaces() {
    Cppn x = new Cppn(List.of(new Node(Function.LINEAR, List.of(new Link(0, 1)))), 1);
    float[] picture = new CppnGenomes(canvas(1, false)).picture(x);
    float[] row = {32, 96, 159, 223};
    assertArrayEquals(row, Arrays.copyOfRange(picture, 0, 4));
    assertArrayEquals(row, Arrays.copyOfRange(picture, 4, 8));
    Cppn y = new Cppn(List.of(new Node(Function.LINEAR, List.of(new Link(1, 1)))), 1);
    assertEquals(96, new CppnGenomes(canvas(1, false)).picture(y)[0]);
    assertEquals(159, new CppnGenomes(canvas(1, false)).picture(y)[7]);
  }

  @Test
  void theSameSeedGrowsTheSameNetwork() {
    CppnGenomes genomes = new CppnGenomes(canvas(3, false));
    Cppn one = grown(genomes, 5);
    assertEquals(one, grown(genomes, 5));
    assertFalse(one.equals(grown(genomes, 6)));
    assertEquals(3, one.outputs());
  }

  private static Cppn grown(CppnGenomes genomes, long seed) {
    Random random = new Random(seed);
    Cppn cppn = genomes.random(random);
    for (int i = 1; i < 50; i++) cppn = genomes.mutated(cppn, random, i);
    return cppn;
  }
}
