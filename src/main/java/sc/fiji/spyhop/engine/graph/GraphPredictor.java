package sc.fiji.spyhop.engine.graph;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Predicts; calls from several threads are done one after the other.
 *
 * @param <B> a feature map in the engine's memory
 */
public final class GraphPredictor<B> implements Predictor {

  private final Device device;
  private final Graph<B> graph;

  /** Owns the backend, also if this fails. */
  public GraphPredictor(Network network, Weights weights, Backend<B> backend, Device device) {
    this.device = device;
    graph = new Graph<>(network, weights, backend, false, Set.of());
  }

  @Override
  public Network network() {
    return graph.network;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public synchronized Map<String, Tensor> activations(
      Map<String, Tensor> inputs, Collection<String> layers) {
    try (GraphRun<B> run = graph.run(inputs, layers, Mode.PREDICT)) {
      Map<String, Tensor> found = new LinkedHashMap<>();
      for (String layer : layers) {
        found.put(layer, run.read(graph.number(layer, "activations")));
      }
      return found;
    }
  }

  @Override
  public synchronized Tensor gradient(
      Map<String, Tensor> inputs, String layer, Tensor weight, String input) {
    int at = graph.inputNumber(input);
    int from = graph.number(layer, "gradient");
    try (GraphRun<B> run = graph.run(inputs, List.of(layer), Mode.EXPLAIN)) {
      if (!Arrays.equals(weight.shape(), run.shape(from))) {
        throw new SpyhopException(
            "gradient: expected a weight of shape "
                + Arrays.toString(run.shape(from))
                + " as the activations of layer "
                + layer
                + ", received "
                + Arrays.toString(weight.shape()));
      }
      return run.backward(Map.of(from, weight), at, false);
    }
  }

  @Override
  public synchronized void close() {
    graph.close();
  }
}
