package sc.fiji.spyhop.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization.Scheme;

class TransferTest {

  private static final Network OLD = Notation.parse("4C3 BN MP2 FC6 FC5", Shape.of(3, 8, 8));
  private static final Weights WEIGHTS = Initialization.of(OLD, 1);

  @Test
  void whatStaysKeepsItsWeightsAndTheRestIsFresh() {
    Network network = Surgery.withClasses(OLD, 5);
    Weights weights = Transfer.to(network, WEIGHTS, Scheme.FITTING, 2);
    assertEquals(weights.tensors().keySet(), weights.fittedTo(network).tensors().keySet());
    for (String name : WEIGHTS.tensors().keySet()) {
      if (name.startsWith("fc2")) continue;
      assertSame(WEIGHTS.get(name).data(), weights.get(name).data(), name);
    }
    assertArrayEquals(
        Initialization.of(network, 2).get("fc2_new.weight").data(),
        weights.get("fc2_new.weight").data());
    assertEquals(Set.of("conv1", "conv1_bn", "fc1"), Transfer.kept(network, WEIGHTS));
  }

  @Test
  void aHeadOfTheSameShapeIsFreshToo() {
    Network head = Notation.parse("FC6 FC5", Shape.of(4, 4, 4));
    Network network = Surgery.graft(OLD, "pool1", head);
    assertEquals(Set.of("conv1", "conv1_bn"), Transfer.kept(network, WEIGHTS));
    Weights weights = Transfer.to(network, WEIGHTS, Scheme.FITTING, 2);
    assertTrue(weights.tensors().containsKey("fc1_2.weight"));
    assertEquals(weights.tensors().keySet(), weights.fittedTo(network).tensors().keySet());
  }

  @Test
  void kernelsAreSummedOverChannels() {
    Network gray = Surgery.withInput(OLD, Shape.of(1, 8, 8));
    Weights weights = Transfer.to(gray, WEIGHTS, Scheme.FITTING, 2);
    float[] old = WEIGHTS.get("conv1.weight").data();
    float[] sum = weights.get("conv1.weight").data();
    assertEquals(4 * 9, sum.length);
    for (int o = 0; o < 4; o++) {
      for (int k = 0; k < 9; k++) {
        assertEquals(
            old[o * 27 + k] + old[o * 27 + 9 + k] + old[o * 27 + 18 + k], sum[o * 9 + k], 1e-6);
      }
    }
    Network two = Surgery.withInput(OLD, Shape.of(2, 8, 8));
    float[] half = Transfer.to(two, WEIGHTS, Scheme.FITTING, 2).get("conv1.weight").data();
    assertEquals(sum[0] / 2, half[0], 1e-6);
    assertEquals(sum[0] / 2, half[9], 1e-6);
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    Weights wrong = new Weights(Map.of("fc1.bias", Tensor.zeros(Axes.C, 9)));
    assertThrows(SpyhopException.class, () -> refuse(wrong));
    Weights kernel = new Weights(Map.of("conv1.weight", Tensor.zeros(Axes.OIHW, 4, 3, 5, 5)));
    assertEquals(
        "weights: conv1.weight: expected shape [4, 3, 3, 3], received [4, 3, 5, 5]; they belong to"
            + " another network",
        assertThrows(SpyhopException.class, () -> refuse(kernel)).getMessage());
  }

  @Test
  void onlyLayersOfTheImageTakeOtherChannels() {
    Network other = Notation.parse("4C3 BN MP2 FC8 FC5", Shape.of(3, 8, 8));
    assertThrows(
        SpyhopException.class, () -> Transfer.to(other, WEIGHTS, Scheme.FITTING, 0), "fc1");
    Weights deep = new Weights(Map.of("fc2.weight", Tensor.zeros(Axes.OI, 5, 7)));
    assertThrows(SpyhopException.class, () -> refuse(deep));
  }

  private static void refuse(Weights weights) {
    Transfer.to(OLD, weights, Scheme.FITTING, 0);
  }
}
