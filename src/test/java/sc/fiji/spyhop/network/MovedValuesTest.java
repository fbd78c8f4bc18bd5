package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.PixelShuffle.Direction;

/** Layers that move or mix values: shapes, what they refuse and where they look, by hand. */
class MovedValuesTest {

  private static Pad pad(Pad.Mode mode, int top, int left, int bottom, int right) {
    return new Pad("p", "image", List.of(top, left), List.of(bottom, right), mode);
  }

  private static Resizing resizing(int factor, int divisor, boolean aligned) {
    return new Resizing(
        "r",
        "image",
        List.of(factor, factor),
        List.of(divisor, divisor),
        Interpolation.BILINEAR,
        aligned);
  }

  private static Shape shape(Layer layer, Shape in) {
    return Shapes.after(layer, List.of(in));
  }

  private static String refused(Layer layer, Shape in) {
    return assertThrows(SpyhopException.class, () -> shape(layer, in)).getMessage();
  }

  private static Network network(Layer... layers) {
    return new Network(
        List.of(new Network.Input("image", Shape.of(4, Shape.ANY, Shape.ANY))),
        List.of(layers),
        List.of(layers[layers.length - 1].name()));
  }

  @Test
  void padsAndCrops() {
    assertEquals(Shape.of(3, 10, 4), shape(pad(Pad.Mode.ZEROS, 1, -2, 2, 0), Shape.of(3, 7, 6)));
    assertEquals(
        Shape.of(3, Shape.ANY, 7),
        shape(pad(Pad.Mode.EDGE, 1, 1, 2, 0), Shape.of(3, Shape.ANY, 6)));
    assertTrue(refused(pad(Pad.Mode.ZEROS, -3, 0, -4, 0), Shape.of(1, 7, 6)).contains("7 x 6"));
    assertTrue(refused(pad(Pad.Mode.REFLECT, 0, 0, 3, 0), Shape.of(1, 3, 9)).contains("more"));
    assertEquals(Shape.of(1, 6, 9), shape(pad(Pad.Mode.EDGE, 0, 0, 3, 0), Shape.of(1, 3, 9)));
    assertTrue(refused(pad(Pad.Mode.EDGE, 0, 0, 3, 0), Shape.of(1)).contains("vector"));
    assertEquals(
        "crop 1 x 2 before, 3 x 0 after", pad(Pad.Mode.ZEROS, -1, -2, -3, 0).description());
    assertEquals(
        "pad edge 1 x 2 before, 3 x 0 after", pad(Pad.Mode.EDGE, 1, 2, 3, 0).description());
    assertThrows(
        SpyhopException.class, () -> new Pad("p", "in", List.of(1, 1), List.of(1), Pad.Mode.ZEROS));
  }

  /** Positions of a row of three, two in front and two behind. */
  @Test
  void bordersAreMadeOfWhatIsInside() {
    int[] zeros = {Pad.ZERO, Pad.ZERO, 0, 1, 2, Pad.ZERO, Pad.ZERO};
    int[] reflected = {2, 1, 0, 1, 2, 1, 0};
    int[] edge = {0, 0, 0, 1, 2, 2, 2};
    for (int at = 0; at < 7; at++) {
      assertEquals(zeros[at], pad(Pad.Mode.ZEROS, 2, 0, 2, 0).source(0, at, 3));
      assertEquals(reflected[at], pad(Pad.Mode.REFLECT, 2, 0, 2, 0).source(0, at, 3));
      assertEquals(edge[at], pad(Pad.Mode.EDGE, 2, 0, 2, 0).source(0, at, 3));
    }
  }

  @Test
  void resizesByFractions() {
    assertEquals(Shape.of(2, 9, 6), shape(resizing(3, 2, false), Shape.of(2, 6, 4)));
    assertTrue(refused(resizing(3, 2, false), Shape.of(2, 5, 4)).contains("3/2"));
    // from two to four: corners in their places, or borders in theirs
    double[] aligned = {0, 1 / 3.0, 2 / 3.0, 1};
    double[] centred = {-0.25, 0.25, 0.75, 1.25};
    for (int at = 0; at < 4; at++) {
      assertEquals(aligned[at], resizing(2, 1, true).source(0, at, 2), 1e-12);
      assertEquals(centred[at], resizing(2, 1, false).source(0, at, 2), 1e-12);
    }
    assertThrows(
        SpyhopException.class,
        () -> new Resizing("r", "in", List.of(2), List.of(1), Interpolation.NEAREST, true));
    assertEquals("bilinear resize 3/2 x 3/2, corners aligned", resizing(3, 2, true).description());
  }

  @Test
  void selectsChannels() {
    SelectChannels some = new SelectChannels("s", "image", List.of(1, 2));
    SelectChannels mixed = new SelectChannels("s", "image", List.of(2, 0, 2));
    assertTrue(some.isRange());
    assertFalse(mixed.isRange());
    assertEquals(Shape.of(2, 5, Shape.ANY), shape(some, Shape.of(3, 5, Shape.ANY)));
    assertEquals(Shape.of(3), shape(mixed, Shape.of(3)));
    assertTrue(refused(mixed, Shape.of(2, 5, 5)).contains("at least 3"));
    assertEquals("channels 1 to 2", some.description());
    assertThrows(SpyhopException.class, () -> new SelectChannels("s", "image", List.of()));
    assertThrows(SpyhopException.class, () -> new SelectChannels("s", "image", List.of(-1)));
  }

  @Test
  void shufflesPixels() {
    PixelShuffle enlarge = new PixelShuffle("s", "image", 2, Direction.TO_SPACE);
    PixelShuffle reduce = new PixelShuffle("s", "image", 2, Direction.TO_CHANNELS);
    assertEquals(Shape.of(3, 10, 8), shape(enlarge, Shape.of(12, 5, 4)));
    assertEquals(Shape.of(12, 5, 4), shape(reduce, Shape.of(3, 10, 8)));
    assertTrue(refused(enlarge, Shape.of(6, 5, 4)).contains("multiple of 4"));
    assertTrue(refused(reduce, Shape.of(3, 10, 7)).contains("multiple of 2"));
  }

  @Test
  void fieldsOfView() {
    Convolution three =
        new Convolution(
            "c", "p", 4, 1, List.of(3, 3), List.of(1, 1), List.of(1, 1), Padding.VALID, true);
    ReceptiveField reflected = ReceptiveField.of(network(pad(Pad.Mode.REFLECT, 1, 1, 1, 1), three));
    assertEquals(List.of(1, 1), reflected.halo());
    assertEquals(List.of(1, 1), reflected.sizeMultiple());
    ReceptiveField smaller = ReceptiveField.of(network(resizing(1, 2, false)));
    assertEquals(List.of(2.0, 2.0), smaller.stride());
    assertEquals(List.of(2, 2), smaller.sizeMultiple());
    assertEquals(List.of(0, 0), smaller.halo());
    ReceptiveField blocks =
        ReceptiveField.of(
            network(
                new PixelShuffle("a", "image", 4, Direction.TO_CHANNELS),
                new PixelShuffle("b", "a", 4, Direction.TO_SPACE)));
    assertEquals(List.of(4, 4), blocks.sizeMultiple());
    assertEquals(List.of(1.0, 1.0), blocks.stride());
    assertEquals(List.of(3, 3), blocks.halo());
  }

  /** Wherever a centre lies, the values that are mixed there are among those that are seen. */
  @Test
  void whatIsMixedIsSeen() {
    for (boolean aligned : new boolean[] {false, true}) {
      for (int factor = 1; factor <= 5; factor++) {
        for (int divisor = 1; divisor <= 5; divisor++) {
          Resizing layer = resizing(factor, divisor, aligned);
          Reach reach = layer.reach(0);
          for (int size = divisor; size <= 6 * divisor; size += divisor) {
            for (int at = 0; at < size * factor / divisor; at++) {
              double place = Math.max(0, Math.min(size - 1, layer.source(0, at, size)));
              String what = layer.description() + " of " + size + " at " + at;
              assertTrue(reach.first(at, OptionalInt.empty()) <= place + 1e-9, what);
              assertTrue(reach.last(at, OptionalInt.empty()) >= place - 1e-9, what);
            }
          }
        }
      }
    }
  }

  @Test
  void namesTheLayerThatIsTooSmall() {
    Network network = network(pad(Pad.Mode.REFLECT, 5, 5, 5, 5));
    assertEquals(List.of(6, 6), Shapes.smallest(network));
  }
}
