package sc.fiji.spyhop.training.finetuning;

import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * How fast the layers of a network that has learned before learn on: each in proportion to the size
 * of its own weights, so that a learning rate is the share of itself that a layer changes by in a
 * step. Sizes differ by a factor of several hundred between the layers of one network, above all
 * where batch norms are folded into kernels; a rate that is the same for all changes some layers
 * beyond recognition while it hardly touches others.
 */
final class OwnRates {

  private OwnRates() {}

  /**
   * Factors of the learning rate by layer.
   *
   * @param weights of the network, or of one that it is a part of
   */
  static Map<String, Double> of(Network network, Weights weights) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (Layer layer : network.layers()) {
      layer.parameters().stream()
          .filter(p -> p.role().isTrained())
          .findFirst()
          .ifPresent(p -> rates.put(layer.name(), size(weights.get(p.name()))));
    }
    return rates;
  }

  /** Root mean square of the values; 1 where all are zero. */
  private static double size(Tensor tensor) {
    double squares = 0;
    for (float v : tensor.data()) squares += (double) v * v;
    double size = Math.sqrt(squares / tensor.length());
    return size > 0 ? size : 1;
  }
}
