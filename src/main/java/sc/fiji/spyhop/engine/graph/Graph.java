package sc.fiji.spyhop.engine.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * A compiled network: its layers as {@link CompiledLayer}s with their parameters in the engine's
 * memory. Feature maps are numbered, inputs first, then layers in order. Not thread safe.
 *
 * @param <B> a feature map in the engine's memory
 */
public final class Graph<B> implements AutoCloseable {

  final Network network;
  final Backend<B> backend;
  final List<CompiledLayer<B>> nodes = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final int[][] sources;
  private List<List<Integer>> lastShapes = List.of();
  private boolean closed;

  /**
   * Owns the backend from now on: it is closed with the graph, or when there is none to be.
   *
   * @param trains whether parameters get gradients
   * @param frozen names of layers whose parameters get none
   * @throws SpyhopException if layers do not fit each other or the weights do not fit the network
   */
  Graph(Network network, Weights weights, Backend<B> backend, boolean trains, Set<String> frozen) {
    this.network = network;
    this.backend = backend;
    sources = new int[network.inputs().size() + network.layers().size()][];
    try {
      NetworkCheck.planes(network);
      NetworkCheck.weights(network, weights);
      network.inputs().forEach(i -> number(i.name()));
      for (Layer layer : network.layers()) {
        int i = number(layer.name());
        sources[i] = layer.inputs().stream().mapToInt(numbers::get).toArray();
      }
      for (Layer layer : network.layers()) {
        List<Tensor> values = layer.parameters().stream().map(p -> weights.get(p.name())).toList();
        boolean fixed = frozen.contains(layer.name());
        nodes.add(backend.node(layer, numbers.get(layer.name()), values, trains, fixed));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private int number(String name) {
    names.add(name);
    numbers.put(name, names.size() - 1);
    return names.size() - 1;
  }

  /** Number of maps. */
  int size() {
    return sources.length;
  }

  /** Number of the first map that is a layer's. */
  int first() {
    return network.inputs().size();
  }

  CompiledLayer<B> node(int i) {
    return nodes.get(i - first());
  }

  Layer layer(int i) {
    return network.layers().get(i - first());
  }

  /** The maps that go into a layer. */
  int[] sources(int i) {
    return sources[i];
  }

  List<Slot> slots() {
    return nodes.stream().<Slot>flatMap(n -> n.slots().stream()).toList();
  }

  /** Number of a layer by name. */
  int number(String name, String what) {
    NetworkCheck.layer(network, name, what);
    return numbers.get(name);
  }

  /** Number of an input by name. */
  int inputNumber(String name) {
    NetworkCheck.input(network, name);
    return numbers.get(name);
  }

  /** Computes layers and whatever they depend on. */
  GraphRun<B> run(Map<String, Tensor> inputs, Collection<String> layers, Mode mode) {
    checkOpen();
    boolean[] wanted = new boolean[size()];
    for (String layer : layers) wanted[number(layer, "activations")] = true;
    return new GraphRun<>(this, inputs, shapesFor(inputs), wanted, mode);
  }

  void checkOpen() {
    if (closed) throw new IllegalStateException("network: already closed");
  }

  private int[][] shapesFor(Map<String, Tensor> inputs) {
    Map<String, int[]> all = MapShapes.of(network, inputs);
    int[][] shapes = names.stream().map(all::get).toArray(int[][]::new);
    List<List<Integer>> key =
        Arrays.stream(shapes).map(s -> Arrays.stream(s).boxed().toList()).toList();
    if (!key.equals(lastShapes)) backend.sizesChange();
    lastShapes = key;
    return shapes;
  }

  Weights weights() {
    checkOpen();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Slot s : slots()) {
      Parameter p = s.parameter();
      float[] values = new float[s.values().capacity()];
      s.values().get(0, values);
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      tensors.put(p.name(), new Tensor(p.axes(), shape, values));
    }
    return new Weights(tensors);
  }

  /**
   * Replaces all weights.
   *
   * @param last called when it is certain that the weights fit, before anything is changed
   */
  void setWeights(Weights weights, Runnable last) {
    checkOpen();
    NetworkCheck.weights(network, weights);
    last.run();
    for (Slot s : slots()) s.values().put(0, weights.get(s.parameter().name()).data());
  }

  @Override
  public void close() {
    if (closed) return;
    closed = true;
    nodes.forEach(CompiledLayer::close);
    backend.close();
  }
}
