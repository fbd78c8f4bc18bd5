package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class ShapesTest {

  private static final int ANY = Shape.ANY;

  private static Network net(Shape input, Layer... layers) {
    return new Network(
        List.of(new Network.Input("image", input)),
        List.of(layers),
        List.of(layers[layers.length - 1].name()));
  }

  private static Layer conv(String name, String input, int in, int out, int kernel, int stride) {
    return conv(name, input, in, out, kernel, stride, 1, Padding.SAME);
  }

  private static Layer conv(
      String name, String input, int in, int out, int k, int stride, int dilation, Padding p) {
    return new Convolution(name, input, in, out, two(k), two(stride), two(dilation), p, false);
  }

  private static Layer pool(String name, String input, int k, int stride, Padding p) {
    return new Pooling(name, input, Layer.PoolingKind.MAX, two(k), two(stride), p);
  }

  private static Layer up(String name, String input) {
    return new Upsampling(name, input, two(2), Layer.Interpolation.NEAREST);
  }

  private static List<Integer> two(int n) {
    return List.of(n, n);
  }

  private static Shape last(Network network) {
    return Shapes.of(network).get(network.outputs().get(0));
  }

  private static String refused(Network network) {
    return assertThrows(SpyhopException.class, () -> Shapes.of(network)).getMessage();
  }

  private static String refused(Network network, Shape input) {
    return assertThrows(SpyhopException.class, () -> Shapes.of(network, Map.of("image", input)))
        .getMessage();
  }

  @Test
  void windowsFollowTheFormulas() {
    Shape in = Shape.of(3, 10, 7);
    // floor((10 - 5) / 2) + 1 = 3, floor((7 - 5) / 2) + 1 = 2
    assertEquals(
        Shape.of(8, 3, 2), last(net(in, conv("c", "image", 3, 8, 3, 2, 2, Padding.VALID))));
    // ceil(10 / 3) = 4, ceil(7 / 3) = 3
    assertEquals(Shape.of(8, 4, 3), last(net(in, conv("c", "image", 3, 8, 5, 3))));
    assertEquals(Shape.of(3, 5, 3), last(net(in, pool("p", "image", 2, 2, Padding.VALID))));
    assertEquals(Shape.of(3, 5, 4), last(net(in, pool("p", "image", 2, 2, Padding.SAME))));
    assertEquals(Shape.of(3, 20, 14), last(net(in, up("u", "image"))));
  }

  private static Shape pooled(Shape in, int k, int stride, Padding p, boolean ceil) {
    Layer.PoolingKind max = Layer.PoolingKind.MAX;
    return last(net(in, new Pooling("p", "image", max, two(k), two(stride), p, ceil, false)));
  }

  @Test
  void explicitPaddingAndCeilModeFollowTheFormulas() {
    Shape in = Shape.of(3, 10, 7);
    // floor((1 + 10 + 2 - 5) / 2) + 1 = 5, floor((0 + 7 + 3 - 5) / 2) + 1 = 3
    Layer c = conv("c", "image", 3, 8, 3, 2, 2, Padding.of(1, 0, 2, 3));
    assertEquals(Shape.of(8, 5, 3), last(net(in, c)));
    // AlexNet and GoogLeNet of Caffe: 55 -> 27 with 3/2; 112 -> 56 only in ceil mode
    assertEquals(Shape.of(3, 27, 27), pooled(Shape.of(3, 55, 55), 3, 2, Padding.VALID, true));
    assertEquals(Shape.of(3, 56, 56), pooled(Shape.of(3, 112, 112), 3, 2, Padding.VALID, true));
    assertEquals(Shape.of(3, 55, 55), pooled(Shape.of(3, 112, 112), 3, 2, Padding.VALID, false));
    // a window that would begin in the padding below is left out: ceil((1 + 7 + 1 - 2) / 2) + 1 = 5
    Padding one = Padding.of(1, 1, 1, 1);
    assertEquals(Shape.of(3, 4, 4), pooled(Shape.of(3, 7, 7), 2, 2, one, true));
    // (10 - 1) * 2 + 3 - 1 = 20: kernel 3, padding 1, output padding 1 of PyTorch
    assertEquals(
        Shape.of(2, 20, 14),
        last(
            net(
                in,
                new TransposedConvolution(
                    "t", "image", 3, 2, two(3), two(2), Padding.of(1, 1, 0, 0), true))));
    assertEquals(
        "layer c: expected a map of at least 3 along dimension 1, received 10 x 2 from image; the"
            + " smallest input is 2 x 3",
        refused(
            net(Shape.of(3, ANY, ANY), conv("c", "image", 3, 8, 3, 2, 2, Padding.of(1, 0, 2, 2))),
            Shape.of(3, 10, 2)));
  }

  @Test
  void productsTakeMapsOrOneValueForEachChannel() {
    NetworkBuilder b = NetworkBuilder.image(4).convolution("a", 4, 3);
    b.globalPool("g", Layer.PoolingKind.AVERAGE).dense("d", 4);
    assertEquals(
        Shape.of(4, ANY, ANY), Shapes.of(b.from("a").multiply("m", "d", "image").build()).get("m"));
    assertThrows(SpyhopException.class, () -> b.from("d").multiply("x", "a"));
    b.from("g").dense("e", 3);
    assertEquals(
        "layer y: expected equal channels, or one, received 4 from a and 3 from e",
        assertThrows(SpyhopException.class, () -> b.from("a").multiply("y", "e")).getMessage());
  }

  @Test
  void sumsAndFormulasSpreadOneChannelAndOneValue() {
    NetworkBuilder b =
        NetworkBuilder.image(2).convolution("one", 1, 3).from("image").convolution("a", 4, 3);
    b.globalPool("g", Layer.PoolingKind.AVERAGE);
    Shape map = Shape.of(4, ANY, ANY);
    assertEquals(map, Shapes.of(b.from("a").add("s", "one", "g").build()).get("s"));
    Layer gate = new Formula("f", List.of("one", "g", "a"), "sigmoid(x)*z+y");
    assertEquals(map, Shapes.of(b.layer(gate).build()).get("f"));
    Layer outer = new Formula("o", List.of("one", "g"), "x*y");
    assertEquals(map, Shapes.of(b.layer(outer).build()).get("o"));
    Layer none = new Formula("n", List.of("a", "one"), "sum(x,channels)*y");
    assertEquals(Shape.of(1, ANY, ANY), Shapes.of(b.layer(none).build()).get("n"));
    Layer vector = new Formula("v", List.of("g", "g"), "x*y");
    assertEquals(Shape.of(4), Shapes.of(b.layer(vector).build()).get("v"));
    assertEquals(
        "layer x: expected nothing larger than what it receives first, received 1 x any x any from"
            + " one and 4 x any x any from a",
        assertThrows(SpyhopException.class, () -> b.from("one").add("x", "a")).getMessage());
    Layer two = new Formula("t", List.of("a", "image"), "x*y");
    assertEquals(
        "layer t: expected equal channels, or one, received 4 from a and 2 from image",
        assertThrows(SpyhopException.class, () -> b.layer(two)).getMessage());
  }

  @Test
  void slopesOfPlacesAreForOneSize() {
    Layer slopes = new PRelu("p", "image", 3, List.of(10, 1));
    assertEquals(List.of(3, 10, 1), slopes.parameters().get(0).shape());
    Network network = net(Shape.of(3, 10, 7), slopes);
    assertEquals(Shape.of(3, 10, 7), Shapes.of(network).get("p"));
    assertTrue(ReceptiveField.of(network).everything());
    assertEquals(
        "layer p: expected a map of 10 x 1, for which its values are, received 3 x 9 x 7 from"
            + " image",
        refused(net(Shape.of(3, 9, 7), slopes)));
    assertEquals(
        "layer p: expected a map of 10 x 1, for which its values are, received 3 x any x 7 from"
            + " image; declare the network's input size",
        refused(net(Shape.of(3, ANY, 7), slopes)));
    Layer shared = new PRelu("p", "image", 3);
    assertFalse(ReceptiveField.of(net(Shape.of(3, ANY, ANY), shared)).everything());
  }

  @Test
  void transposedConvolutionEnlarges() {
    Shape in = Shape.of(3, 10, 7);
    // (10 - 1) * 2 + 4 = 22, (7 - 1) * 2 + 4 = 16
    assertEquals(
        Shape.of(5, 22, 16),
        last(
            net(
                in,
                new TransposedConvolution(
                    "t", "image", 3, 5, two(4), two(2), Padding.VALID, true))));
    assertEquals(
        Shape.of(5, 20, 14),
        last(
            net(
                in,
                new TransposedConvolution(
                    "t", "image", 3, 5, two(4), two(2), Padding.SAME, true))));
  }

  @Test
  void vectorsComeFromMaps() {
    Shape in = Shape.of(3, 10, 7);
    assertEquals(Shape.of(210), last(net(in, new Flatten("f", "image"))));
    assertEquals(
        Shape.of(3), last(net(in, new GlobalPooling("g", "image", Layer.PoolingKind.AVERAGE))));
    assertEquals(
        Shape.of(6), last(net(in, new Flatten("f", "image"), new Dense("d", "f", 210, 6, true))));
  }

  @Test
  void volumesWorkAlike() {
    Network network =
        net(
            Shape.of(1, 9, ANY, 8),
            new Convolution(
                "c",
                "image",
                1,
                4,
                List.of(3, 3, 3),
                List.of(1, 2, 2),
                List.of(1, 1, 1),
                Padding.VALID,
                true));
    assertEquals(Shape.of(4, 7, ANY, 3), last(network));
  }

  @Test
  void openSizesStayOpenAndGivenSizesAreFollowed() {
    Network network =
        net(
            Shape.of(1, ANY, ANY),
            pool("p", "image", 2, 2, Padding.VALID),
            up("u", "p"),
            new Concat("cat", List.of("u", "image")));
    assertEquals(Shape.of(2, ANY, ANY), last(network));
    assertEquals(
        Shape.of(2, 6, 8), Shapes.of(network, Map.of("image", Shape.of(1, 6, 8))).get("cat"));
  }

  @Test
  void mismatchedChannelsNameBothLayers() {
    assertEquals(
        "layer d2a: expected 32 channels, received 48 from cat2",
        refused(
            net(
                Shape.of(1, ANY, ANY),
                conv("a", "image", 1, 32, 3, 1),
                conv("b", "image", 1, 16, 3, 1),
                new Concat("cat2", List.of("a", "b")),
                conv("d2a", "cat2", 32, 32, 3, 1))));
    assertEquals(
        "layer fc: expected 800 features, received 210 from flat",
        refused(
            net(
                Shape.of(3, 10, 7),
                new Flatten("flat", "image"),
                new Dense("fc", "flat", 800, 10, true))));
    assertEquals(
        "layer sum: expected equal channels, or one, received 32 from a and 2 from image",
        refused(
            net(
                Shape.of(2, ANY, ANY),
                conv("a", "image", 2, 32, 3, 1),
                new Add("sum", List.of("a", "image")))));
  }

  @Test
  void mismatchedRanksAreNamed() {
    assertEquals(
        "layer c: expected a map with 2 spatial dimensions, received a vector of 12 from image",
        refused(net(Shape.of(12), conv("c", "image", 12, 1, 3, 1))));
    assertEquals(
        "layer fc: expected a vector, received 3 x 10 x 7 from image; put a flatten or"
            + " global-pooling layer between",
        refused(net(Shape.of(3, 10, 7), new Dense("fc", "image", 210, 10, true))));
    assertEquals(
        "layer flat: expected a map of fixed size, received 3 x any x any from image; declare the"
            + " network's input size",
        refused(net(Shape.of(3, ANY, ANY), new Flatten("flat", "image"))));
  }

  @Test
  void inputsMustBeAsDeclared() {
    Network network = net(Shape.of(3, ANY, 16), conv("c", "image", 3, 1, 3, 1));
    assertEquals(
        "input image: expected 3 x any x 16, received 1 x 4 x 16 (channels, then sizes)",
        refused(network, Shape.of(1, 4, 16)));
    assertEquals(
        "input image: expected 3 x any x 16, received 3 x 4 x 15 (channels, then sizes)",
        refused(network, Shape.of(3, 4, 15)));
  }

  @Test
  void tooSmallInputsAreToldTheSmallest() {
    Network network =
        net(
            Shape.of(1, ANY, ANY),
            conv("a", "image", 1, 4, 5, 1, 1, Padding.VALID),
            pool("p", "a", 2, 2, Padding.VALID),
            conv("b", "p", 4, 4, 5, 1, 1, Padding.VALID));
    // 5 after pooling: 10 before, 14 before the first convolution
    assertEquals(List.of(14, 14), Shapes.smallest(network));
    assertEquals(Shape.of(4, 1, 3), Shapes.of(network, sized(14, 18)).get("b"));
    assertEquals(
        "layer b: expected a map of at least 5 along dimension 1, received 14 x 4 from p; the"
            + " smallest input is 14 x 14",
        refused(network, Shape.of(1, 32, 13)));
  }

  @Test
  void unevenSizesAreToldTheNeighbours() {
    Network network =
        net(
            Shape.of(1, ANY, ANY),
            pool("p1", "image", 2, 2, Padding.VALID),
            pool("p2", "p1", 2, 2, Padding.VALID),
            up("u2", "p2"),
            new Concat("cat2", List.of("u2", "p1")),
            up("u1", "cat2"),
            new Concat("cat1", List.of("u1", "image")));
    assertEquals(List.of(4, 4), Shapes.smallest(network));
    assertEquals(
        "layer cat2: expected equal sizes, received 4 x 4 from u2 and 4 x 5 from p1; input sizes"
            + " that fit: 8 x 8 or 12",
        refused(network, Shape.of(1, 8, 10)));
  }

  @Test
  void hugeSizesDoNotWrapAround() {
    Layer up = new Upsampling("u", "image", List.of(1_000_000, 1), Layer.Interpolation.NEAREST);
    assertEquals(
        "layer u: its output would have a size of 1000000000000, more than 2147483647",
        refused(net(Shape.of(1, 1_000_000, 1), up)));
  }

  private static Map<String, Shape> sized(int height, int width) {
    return Map.of("image", Shape.of(1, height, width));
  }
}
