package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;

class NetworkTest {

  private static final List<Integer> ONE = List.of(1, 1);
  private static final Network.Input IMAGE = new Network.Input("image", Shape.of(1, 8, 8));

  private static void refused(String message, Executable construction) {
    assertEquals(message, assertThrows(SpyhopException.class, construction).getMessage());
  }

  private static Layer relu(String name, String input) {
    return new Activation(name, input, Function.RELU);
  }

  @Test
  void namesAreUniqueAndKnown() {
    refused(
        "network: the name a is used twice",
        () ->
            new Network(List.of(IMAGE), List.of(relu("a", "image"), relu("a", "a")), List.of("a")));
    refused(
        "network: the name image is used twice",
        () -> new Network(List.of(IMAGE), List.of(relu("image", "image")), List.of("image")));
    refused(
        "layer a: no layer or input named b comes before it",
        () ->
            new Network(List.of(IMAGE), List.of(relu("a", "b"), relu("b", "image")), List.of("a")));
    refused(
        "network: the output image is not one of its layers",
        () -> new Network(List.of(IMAGE), List.of(relu("a", "image")), List.of("image")));
    refused(
        "network: expected at least one output",
        () -> new Network(List.of(IMAGE), List.of(relu("a", "image")), List.of()));
    refused("layer: expected a name, received an empty one", () -> relu(" ", "image"));
  }

  @Test
  void layersRefuseValuesOutOfRange() {
    refused(
        "layer c: expected kernel of one to three sizes of at least 1, received [3, 0]",
        () -> convolution(List.of(3, 0), ONE, ONE));
    refused(
        "layer c: expected stride with as many sizes as the kernel [3, 3], received [1]",
        () -> convolution(List.of(3, 3), List.of(1), ONE));
    refused(
        "layer c: expected dilation of one to three sizes of at least 1, received [-1, 1]",
        () -> convolution(List.of(3, 3), ONE, List.of(-1, 1)));
    refused("layer d: expected rate in [0, 1), received 1.0", () -> new Dropout("d", "image", 1));
    refused(
        "layer d: expected rate in [0, 1), received NaN",
        () -> new Dropout("d", "image", Double.NaN));
    refused(
        "layer b: expected epsilon in (0, 1), received 0.0",
        () -> new BatchNorm("b", "image", 1, 0, 0.9));
    refused(
        "layer f: expected units of at least 1, received 0",
        () -> new Dense("f", "image", 1, 0, true));
    refused(
        "layer t: with SAME padding expected a kernel no smaller than the stride [2, 2], received"
            + " [1, 1]",
        () ->
            new TransposedConvolution("t", "image", 1, 1, ONE, List.of(2, 2), Padding.SAME, true));
    refused(
        "layer s: expected at least two inputs, received [image]",
        () -> new Add("s", List.of("image")));
    refused("layer a: function is missing", () -> new Activation("a", "image", null));
  }

  @Test
  void listsAreCopied() {
    List<Integer> kernel = new ArrayList<>(List.of(3, 3));
    Convolution layer = convolution(kernel, ONE, ONE);
    kernel.set(0, 7);
    assertEquals(List.of(3, 3), layer.kernel());
  }

  @Test
  void layersAreFoundByName() {
    Network network =
        new Network(List.of(IMAGE), List.of(relu("a", "image"), relu("b", "a")), List.of("b"));
    assertEquals(network.layers().get(1), network.layer("b"));
    refused("network: no layer is named x", () -> network.layer("x"));
  }

  private static Convolution convolution(
      List<Integer> kernel, List<Integer> stride, List<Integer> dilation) {
    return new Convolution("c", "image", 1, 1, kernel, stride, dilation, Padding.SAME, true);
  }
}
