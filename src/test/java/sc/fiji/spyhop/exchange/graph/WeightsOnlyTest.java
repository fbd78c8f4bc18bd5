package sc.fiji.spyhop.exchange.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class WeightsOnlyTest {

  @Test
  void namesAreOrderedAsPeopleCount() {
    List<String> names =
        new ArrayList<>(
            List.of("c10", "c9.2", "c9.10", "c", "b", "c9", "c0010a", "c99999999999999"));
    names.sort(NaturalOrder.INSTANCE);
    assertEquals(
        List.of("b", "c", "c9", "c9.2", "c9.10", "c10", "c0010a", "c99999999999999"), names);
  }

  /** A program that sorts names before it writes them brings layer 10 before layer 2. */
  @Test
  void layersThatWereSortedByNameAreBroughtIntoTheOrderOfTheirNumbers() {
    NetworkBuilder builder = NetworkBuilder.image(1);
    Map<String, Tensor> given = new TreeMap<>();
    for (int i = 1; i <= 11; i++) {
      builder.convolution("ours" + i, 1, 1);
      given.put(
          "theirs" + i + ".weight", new Tensor(Axes.OIHW, new int[] {1, 1, 1, 1}, new float[] {i}));
      given.put("theirs" + i + ".bias", new Tensor(Axes.C, new int[] {1}, new float[] {-i}));
    }
    Network network = builder.build();
    assertEquals(
        List.of("theirs1.bias", "theirs1.weight", "theirs10.bias"),
        given.keySet().stream().limit(3).toList());
    Imported read = WeightsOnly.onto(network, new Weights(given), Map.of());
    assertEquals(
        Stream.iterate(1f, i -> i + 1).limit(11).toList(),
        Stream.iterate(1, i -> i + 1)
            .limit(11)
            .map(i -> read.weights().get("ours" + i + ".weight").data()[0])
            .toList());
    assertTrue(read.notes().get(0).contains("by their order"), read.notes().toString());
  }

  private static Weights two(String first, String second) {
    Map<String, Tensor> given = new TreeMap<>();
    int value = 1;
    for (String name : List.of(first, second)) {
      float[] one = {value++};
      given.put(name + ".weight", new Tensor(Axes.OIHW, new int[] {1, 1, 1, 1}, one));
      given.put(name + ".bias", new Tensor(Axes.C, new int[] {1}, one));
    }
    return new Weights(given);
  }

  private static final Network TWO =
      NetworkBuilder.image(1).convolution("stem", 1, 1).convolution("end", 1, 1).build();

  /** Sorted, "end" comes before "stem", whatever their order in the network was. */
  @Test
  void layersOfOneShapeWhoseNamesTellNoOrderAreRefused() {
    String message =
        assertThrows(
                SpyhopException.class,
                () -> WeightsOnly.onto(TWO, two("last", "initial"), Map.of()))
            .getMessage();
    assertTrue(message.contains("initial and last"), message);
  }

  @Test
  void aPrefixThatAllNamesShareIsLeftOut() {
    Weights given = two("module.net.stem", "module.net.end");
    Weights read = WeightsOnly.onto(TWO, given, Map.of()).weights();
    assertEquals(1, read.get("stem.weight").data()[0]);
    assertEquals(2, read.get("end.weight").data()[0]);
  }
}
