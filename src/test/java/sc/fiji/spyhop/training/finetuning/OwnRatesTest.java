package sc.fiji.spyhop.training.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

class OwnRatesTest {

  /** A kernel of 3 and -4 has a root mean square of the square root of (9 + 16) / 2. */
  @Test
  void aLayerLearnsInProportionToItsOwnWeights() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 2, 1))
            .flatten("flat")
            .dense("large", 1)
            .relu()
            .dense("none", 2)
            .build();
    Weights weights = Initialization.of(network, 1);
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    tensors.computeIfPresent(
        "large.weight", (n, t) -> new Tensor(t.axes(), t.shape(), new float[] {3, -4}));
    tensors.computeIfPresent("none.weight", (n, t) -> Tensor.zeros(t.axes(), t.shape()));
    Map<String, Double> rates = OwnRates.of(network, new Weights(tensors));
    assertEquals(Math.sqrt(12.5), rates.get("large"), 1e-12);
    assertEquals(1, rates.get("none"), "a layer that is all zero has to be able to learn");
    assertEquals(2, rates.size(), "layers without weights have no rate: " + rates);
  }
}
