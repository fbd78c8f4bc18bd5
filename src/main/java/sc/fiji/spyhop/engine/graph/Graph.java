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
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
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
      checkPlanes(network);
      check(network, weights);
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

  /** Also checks that layers fit each other. */
  private static void checkPlanes(Network network) {
    Map<String, Shape> shapes = Shapes.of(network);
    for (Layer layer : network.layers()) {
      int rank = shapes.get(layer.input()).rank();
      if (rank == 0 || rank == 2) continue;
      throw new SpyhopException(
          "layer "
              + layer.name()
              + ": expected two spatial dimensions, received "
              + rank
              + "; this engine works on planes");
    }
  }

  private static void check(Network network, Weights weights) {
    for (Parameter p : Parameters.of(network)) {
      Tensor t = weights.tensors().get(p.name());
      List<Integer> shape = t == null ? List.of() : Arrays.stream(t.shape()).boxed().toList();
      if (t == null || !shape.equals(p.shape())) {
        throw new SpyhopException(
            "weights: expected "
                + p.name()
                + " of shape "
                + p.shape()
                + ", received "
                + (t == null ? "none" : shape)
                + "; they belong to another network");
      }
    }
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
    Integer i = numbers.get(name);
    if (i == null || i < first()) {
      throw new SpyhopException(
          what
              + ": the network has no layer named \""
              + name
              + "\"; it has "
              + names.subList(first(), names.size()));
    }
    return i;
  }

  /** Number of an input by name. */
  int inputNumber(String name) {
    Integer i = numbers.get(name);
    if (i == null || i >= first()) {
      throw new SpyhopException(
          "the network has no input named \"" + name + "\"; it has " + names.subList(0, first()));
    }
    return i;
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
    check(network, weights);
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
