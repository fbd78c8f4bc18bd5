package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sc.fiji.spyhop.engine.graph.BlockMap;
import sc.fiji.spyhop.engine.graph.ChannelMap;
import sc.fiji.spyhop.engine.graph.LinearMap;
import sc.fiji.spyhop.engine.graph.PlaneMap;
import sc.fiji.spyhop.engine.selection.Reference;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PixelShuffle.Direction;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Maps that are so large that several threads share them. */
class LinearMapTest {

  private static final int[] IN = {2, 8, 96, 72};

  private static Stream<Arguments> maps() {
    Pad pad = new Pad("l", "in", List.of(3, -2), List.of(-1, 5), Pad.Mode.REFLECT);
    Resizing resizing =
        new Resizing("l", "in", List.of(3, 2), List.of(2, 3), Interpolation.BILINEAR, true);
    List<Integer> order = IntStream.range(0, 24).mapToObj(i -> 5 * i % 8).toList();
    SelectChannels channels = new SelectChannels("l", "in", order);
    PixelShuffle larger = new PixelShuffle("l", "in", 2, Direction.TO_SPACE);
    PixelShuffle smaller = new PixelShuffle("l", "in", 4, Direction.TO_CHANNELS);
    return Stream.of(
        Arguments.of(pad, PlaneMap.of(pad)),
        Arguments.of(resizing, PlaneMap.of(resizing)),
        Arguments.of(channels, new ChannelMap(channels)),
        Arguments.of(larger, new BlockMap(larger)),
        Arguments.of(smaller, new BlockMap(smaller)));
  }

  private static float[] noise(int length, long seed) {
    Random random = new Random(seed);
    float[] noise = new float[length];
    for (int i = 0; i < length; i++) noise[i] = random.nextFloat() - 0.5f;
    return noise;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
    return sum;
  }

  /** What comes out is that of the reference; going back is the transpose: (Ax)g = x(A'g). */
  @ParameterizedTest
  @MethodSource("maps")
  void agreesWithTheReferenceAndItsTranspose(Layer layer, LinearMap map) {
    Tensor x = new Tensor(Axes.NCHW, IN, noise(Tensor.zeros(Axes.NCHW, IN).length(), 1));
    Network network =
        new Network(
            List.of(new Network.Input("in", Shape.of(IN[1], IN[2], IN[3]))),
            List.of(layer),
            List.of("l"));
    Reference.Map4 expected =
        Reference.run(network, Map.of(), Map.of("in", Reference.of(x)), false).get("l");
    int[] out = expected.tensor().shape();
    float[] y = new float[expected.v().length];
    map.forward(IN, FloatBuffer.wrap(x.data()), out, FloatBuffer.wrap(y));
    for (int i = 0; i < y.length; i++) assertEquals(expected.v()[i], y[i], 1e-5, "at " + i);
    float[] gradient = noise(y.length, 2);
    float[] back = noise(x.length(), 3);
    map.backward(IN, FloatBuffer.wrap(back), out, FloatBuffer.wrap(gradient));
    assertEquals(dot(y, gradient), dot(x.data(), back), 1e-3);
  }
}
