package sc.fiji.spyhop.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sc.fiji.spyhop.image.Frame;

class ChairGeneratorTest {

  private static final int SIDE = 64;

  private static int value(Frame frame, int x, int y, int channel) {
    return Math.round(frame.pixels().getAt(x, y, channel).getRealFloat());
  }

  /** Similar triangles: what is nearer by a share of the distance is larger by its inverse. */
  @Test
  void cornersAreSeenWhereTrianglesSay() {
    Vector3 corner = new Vector3(0.215, -0.21, 0.46);
    Vector3 front = Camera.at(0, 0).project(corner);
    assertEquals(0.215 * 2.5 / (2.5 - 0.21) / 0.69, front.x(), 1e-12);
    assertEquals((0.46 - 0.45) * 2.5 / (2.5 - 0.21) / 0.69, front.y(), 1e-12);
    Vector3 side = Camera.at(90, 0).project(corner);
    assertEquals(-0.21 * 2.5 / (2.5 - 0.215) / 0.69, side.x(), 1e-12);
    Vector3 above = Camera.at(0, 90).project(corner);
    assertEquals(-0.21 * 2.5 / (2.5 - 0.01) / 0.69, above.y(), 1e-12);
    Vector3 slanting = Camera.at(0, 30).project(new Vector3(0, 0, 0.65));
    assertEquals(0.2 * Math.sqrt(0.75) * 2.5 / (2.5 - 0.1) / 0.69, slanting.y(), 1e-12);
    // on the level of the target, what is nearer is seen lower
    Vector3 nearer = Camera.at(90, 30).project(new Vector3(0.2, 0, 0.45));
    assertEquals(-0.1 * 2.5 / (2.5 - 0.2 * Math.sqrt(0.75)) / 0.69, nearer.y(), 1e-12);
  }

  /** The light lies 0.8 of its way towards the camera; a third of brightness is everywhere. */
  @Test
  void seatFromAboveHasItsColor() {
    ChairView view = new ChairView(ChairStyle.STOOL, 0, 90, 1, 0.5, 0.2);
    Frame frame = ChairGenerator.paint("stool", view, SIDE);
    double bright = 0.3 + 0.7 * 0.8;
    assertEquals(Math.rint(255 * bright), value(frame, 32, 32, 0));
    assertEquals(Math.rint(255 * 0.5 * bright), value(frame, 32, 32, 1));
    assertEquals(Math.rint(255 * 0.2 * bright), value(frame, 32, 32, 2));
    assertEquals(240, value(frame, 0, 0, 0));
  }

  /** Chairs are the same on their left and on their right, and lie well inside the picture. */
  @ParameterizedTest
  @EnumSource(ChairStyle.class)
  void outlinesFromBothSidesAreMirrorImages(ChairStyle style) {
    ChairView view = new ChairView(style, 35, 40, 0.2, 0.2, 0.2);
    Frame one = ChairGenerator.paint("one", view, SIDE);
    Frame other = ChairGenerator.paint("other", view.seenFrom(325), SIDE);
    int painted = 0;
    int differing = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean here = value(one, x, y, 2) != 240;
        boolean there = value(other, SIDE - 1 - x, y, 2) != 240;
        if (here) painted++;
        if (here != there) differing++;
        if (x == 0 || y == 0 || x == SIDE - 1 || y == SIDE - 1) {
          assertTrue(!here, style + " touches the edge at " + x + ", " + y);
        }
      }
    }
    assertTrue(painted > SIDE * SIDE / 30, style + " has " + painted + " pixels");
    assertTrue(differing <= painted / 50, style + " differs in " + differing + " of " + painted);
  }

  @Test
  void whatIsNearerHidesWhatIsBehind() {
    List<Vector3> left = square(-1, 0);
    List<Vector3> all = square(-1, 1);
    double[] red = {1, 0, 0};
    double[] green = {0, 1, 0};
    for (boolean redFirst : new boolean[] {true, false}) {
      Rasterizer picture = new Rasterizer(2, 0);
      List<Vector3> near = left.stream().map(p -> new Vector3(p.x(), p.y(), 1.1)).toList();
      if (redFirst) picture.polygon(near, red);
      picture.polygon(all, green);
      if (!redFirst) picture.polygon(near, red);
      assertArrayEquals(new byte[] {-1, 0, -1, 0, 0, -1, 0, -1, 0, 0, 0, 0}, picture.pixels());
    }
  }

  /** A pixel is the mean of 4 x 4 samples: a polygon over the left quarter of it covers 4. */
  @Test
  void edgesAreSmooth() {
    Rasterizer picture = new Rasterizer(1, 1);
    picture.polygon(square(-1, -0.5), new double[] {0, 0.5, 1});
    assertArrayEquals(new byte[] {(byte) 191, (byte) 223, (byte) 255}, picture.pixels());
  }

  private static List<Vector3> square(double left, double right) {
    return List.of(
        new Vector3(left, -1, 1),
        new Vector3(right, -1, 1),
        new Vector3(right, 1, 1),
        new Vector3(left, 1, 1));
  }

  @Test
  void viewsAroundAreAtEqualAngles() {
    ChairView chair = ChairGenerator.ofSeries(4, 7);
    assertEquals(ChairStyle.OFFICE, chair.style());
    List<ChairView> around = ChairGenerator.around(chair, 16);
    assertEquals(22.5, around.get(1).azimuth());
    assertEquals(337.5, around.get(15).azimuth());
    assertEquals(chair, around.get(3).seenFrom(chair.azimuth()));
  }

  @Test
  void refusesWhatCannotBeSeen() {
    assertThrows(
        IllegalArgumentException.class, () -> new ChairView(ChairStyle.BAR, 360, 20, 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new ChairView(ChairStyle.BAR, 0, 91, 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new ChairView(ChairStyle.BAR, 0, 20, 1.1, 0, 0));
    ChairView view = new ChairView(ChairStyle.BAR, 0, 20, 1, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> ChairGenerator.paint("x", view, 8));
  }
}
