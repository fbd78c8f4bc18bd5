package sc.fiji.spyhop.engine.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * A compiled network: its layers as {@link CompiledLayer}s with their parameters in the engine's
 * memory. Feature maps are numbered, inputs first, then layers in order. Not thread safe.
 *
 * @param <B> a feature map in the engine's memory
 */
public final class Graph<B> implements Computation {

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
  public Graph(
      Network network, Weights weights, Backend<B> backend, boolean trains, Set<String> frozen) {
    this.network = network;
    this.backend = backend;
    sources = new int[network.inputs().size() + network.layers().size()][];
    try {
      NetworkCheck.planes(network);
      NetworkCheck.weights(network, weights);
      network.inputs().forEach(i -> add(i.name()));
      for (Layer layer : network.layers()) {
        int i = add(layer.name());
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

  private int add(String name) {
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

  @Override
  public Network network() {
    return network;
  }

  @Override
  public List<Slot> slots() {
    checkOpen();
    return nodes.stream().<Slot>flatMap(n -> n.slots().stream()).toList();
  }

  /** Number of a layer or input by name. */
  int number(String name) {
    return numbers.get(name);
  }

  /** Computes layers and whatever they depend on. */
  private GraphRun<B> run(Map<String, Tensor> inputs, Collection<String> layers, Mode mode) {
    checkOpen();
    boolean[] wanted = new boolean[size()];
    for (String layer : layers) wanted[number(layer)] = true;
    return new GraphRun<>(this, inputs, shapesFor(inputs), wanted, mode);
  }

  private void checkOpen() {
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

  @Override
  public Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> layers) {
    try (GraphRun<B> run = run(inputs, layers, Mode.PREDICT)) {
      return read(run, layers);
    }
  }

  private Map<String, Tensor> read(GraphRun<B> run, Collection<String> layers) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (String layer : layers) found.put(layer, run.read(number(layer)));
    return found;
  }

  @Override
  public Tensor gradient(
      Map<String, Tensor> inputs,
      Collection<String> layers,
      Mode mode,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of,
      RectifierRule rule) {
    try (GraphRun<B> run = run(inputs, layers, mode)) {
      return run.gradient(seeds(run, layers, slopes), number(of), rule);
    }
  }

  /** Where gradients start, by number. */
  private Map<Integer, Tensor> seeds(
      GraphRun<B> run, Collection<String> layers, UnaryOperator<Map<String, Tensor>> gradients) {
    Map<Integer, Tensor> seeds = new HashMap<>();
    gradients.apply(read(run, layers)).forEach((layer, g) -> seeds.put(number(layer), g));
    return seeds;
  }

  @Override
  public void step(
      Map<String, Tensor> inputs,
      List<String> layers,
      Mode mode,
      UnaryOperator<Map<String, Tensor>> gradients,
      BooleanSupplier update) {
    try (GraphRun<B> run = run(inputs, layers, mode)) {
      Map<Integer, Tensor> seeds = seeds(run, layers, gradients);
      if (seeds.isEmpty()) return;
      run.train(seeds);
      if (update.getAsBoolean()) run.commit();
    }
  }

  @Override
  public void close() {
    if (closed) return;
    closed = true;
    nodes.forEach(CompiledLayer::close);
    backend.close();
  }
}
