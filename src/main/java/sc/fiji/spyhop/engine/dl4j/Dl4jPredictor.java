package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.graph.NetworkCheck;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Predicts with a graph of Deeplearning4j for each choice of layers that is asked for; calls from
 * several threads are done one after the other.
 */
final class Dl4jPredictor implements Predictor {

  /** As many as explanations of one image ask for in turn. */
  private static final int MAX_GRAPHS = 3;

  private final Network network;
  private final Weights weights;
  private final Device device;
  private final Worker worker = new Worker();

  /** By their layers; the one used last at the end. */
  private final Map<Set<String>, CompiledGraph> graphs = new LinkedHashMap<>(4, 0.75f, true);

  /** Compiles for the network's outputs. */
  Dl4jPredictor(Network network, Weights weights, Device device) {
    NetworkCheck.planes(network);
    NetworkCheck.weights(network, weights);
    this.network = network;
    this.weights = weights;
    this.device = device;
    try {
      worker.call(() -> graph(network.outputs()));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private CompiledGraph graph(Collection<String> layers) {
    Set<String> key = new LinkedHashSet<>(layers);
    CompiledGraph graph = graphs.get(key);
    if (graph != null) return graph;
    if (graphs.size() == MAX_GRAPHS) graphs.remove(graphs.keySet().iterator().next()).close();
    graph = CompiledGraph.of(network, weights, key, Set.of(), false);
    graphs.put(key, graph);
    return graph;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> layers) {
    for (String layer : layers) NetworkCheck.layer(network, layer, "activations");
    return worker.call(
        () -> {
          MapShapes.of(network, inputs);
          return layers.isEmpty() ? Map.of() : graph(layers).predict(inputs);
        });
  }

  @Override
  public Tensor gradient(
      Map<String, Tensor> inputs, String layer, Tensor weight, String input) {
    NetworkCheck.input(network, input);
    NetworkCheck.layer(network, layer, "gradient");
    return worker.call(
        () -> {
          Map<String, int[]> shapes = MapShapes.of(network, inputs);
          checkShape(layer, shapes.get(layer), weight);
          Map<String, Tensor> gradients =
              graph(List.of(layer)).run(inputs, Mode.EXPLAIN, y -> Map.of(layer, weight));
          int[] shape = shapes.get(input);
          Tensor none = Tensor.zeros(shape.length == 2 ? Axes.NC : Axes.NCHW, shape);
          return gradients.getOrDefault(input, none);
        });
  }

  private static void checkShape(String layer, int[] shape, Tensor weight) {
    if (Arrays.equals(weight.shape(), shape)) return;
    throw new SpyhopException(
        "gradient: expected a weight of shape "
            + Arrays.toString(shape)
            + " as the activations of layer "
            + layer
            + ", received "
            + Arrays.toString(weight.shape()));
  }

  @Override
  public void close() {
    worker.close(() -> graphs.values().forEach(CompiledGraph::close));
  }
}
