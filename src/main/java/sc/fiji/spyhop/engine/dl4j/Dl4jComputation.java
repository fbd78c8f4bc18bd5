package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.graph.Computation;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.graph.NetworkCheck;
import sc.fiji.spyhop.engine.graph.Objectives;
import sc.fiji.spyhop.engine.graph.Slot;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network as graphs of Deeplearning4j, one for each choice of layers that is asked for, on a
 * thread of their own.
 */
final class Dl4jComputation implements Computation {

  /** As many as explanations of one image ask for in turn. */
  private static final int MAX_GRAPHS = 3;

  private final Network network;
  private final Weights weights;
  private final Set<String> frozen;
  private final boolean trains;
  private final Worker worker = new Worker();
  private final List<Value> values = new ArrayList<>();

  /** The one used last at the end. */
  private final Map<Key, CompiledGraph> graphs = new LinkedHashMap<>(4, 0.75f, true);

  /**
   * What a graph is for.
   *
   * @param layers to be computed
   * @param watched whether each layer is a vertex of its own that is watched on the way back
   */
  private record Key(List<String> layers, boolean watched) {}

  /** A parameter, which the processor sees. */
  private record Value(
      Parameter parameter, FloatBuffer values, FloatBuffer gradient, boolean isTrained)
      implements Slot {}

  private Dl4jComputation(
      Network network, Weights weights, List<String> layers, Set<String> frozen, boolean trains) {
    NetworkCheck.planes(network);
    NetworkCheck.weights(network, weights);
    this.network = network;
    this.weights = weights;
    this.frozen = frozen;
    this.trains = trains;
    try {
      worker.run(() -> fill(graph(layers, false)));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  static Dl4jComputation forPrediction(Network network, Weights weights) {
    return new Dl4jComputation(network, weights, network.outputs(), Set.of(), false);
  }

  static Dl4jComputation forTraining(Network network, Weights weights, TrainingPlan plan) {
    plan.check(network);
    return new Dl4jComputation(
        network, weights, Objectives.layers(plan), plan.frozenLayers(), true);
  }

  private CompiledGraph graph(Collection<String> layers, boolean watched) {
    Key key = new Key(List.copyOf(layers), watched);
    CompiledGraph graph = graphs.get(key);
    if (graph != null) return graph;
    if (graphs.size() == MAX_GRAPHS) graphs.remove(graphs.keySet().iterator().next()).close();
    graph = CompiledGraph.of(network, weights, key.layers(), frozen, trains, watched);
    graphs.put(key, graph);
    return graph;
  }

  /** Those that nothing depends on have a gradient that is zero. */
  private void fill(CompiledGraph graph) {
    if (!trains) return;
    Map<String, Integer> places = graph.places();
    for (Parameter p : Parameters.of(network)) {
      Integer at = places.get(p.name());
      int n = (int) p.length();
      values.add(
          new Value(
              p,
              at != null
                  ? graph.values().slice(at, n)
                  : FloatBuffer.wrap(weights.get(p.name()).data().clone()),
              at != null ? graph.gradients().slice(at, n) : FloatBuffer.allocate(n),
              p.role().isTrained() && !frozen.contains(p.layer())));
    }
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public List<Value> slots() {
    worker.checkOpen();
    return values;
  }

  @Override
  public void slotsChanged() {
    worker.run(() -> graphs.values().forEach(CompiledGraph::changed));
  }

  @Override
  public Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> layers) {
    Map<String, Tensor> found = new HashMap<>();
    MapShapes.of(network, inputs);
    if (layers.isEmpty()) return found;
    worker.run(() -> found.putAll(graph(layers, false).predict(inputs)));
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
    boolean watched = rule != RectifierRule.DERIVATIVE || !inputs.containsKey(of);
    if (trains && (watched || !frozen.isEmpty())) {
      throw new UnsupportedOperationException(
          "Deeplearning4j: in training, only gradients of inputs without frozen layers");
    }
    Map<String, Tensor> found = new HashMap<>();
    worker.run(() -> found.putAll(graph(layers, watched).explain(inputs, mode, slopes, of, rule)));
    int[] shape = MapShapes.of(network, inputs).get(of);
    return found.getOrDefault(of, Tensor.zeros(shape.length == 2 ? Axes.NC : Axes.NCHW, shape));
  }

  @Override
  public void step(
      Map<String, Tensor> inputs,
      List<String> layers,
      Mode mode,
      UnaryOperator<Map<String, Tensor>> gradients,
      BooleanSupplier update) {
    MapShapes.of(network, inputs);
    Set<String> reached = graphs.get(new Key(layers, false)).places().keySet();
    for (Value v : values) {
      if (!reached.contains(v.parameter().name()))
        v.gradient().put(0, new float[v.gradient().capacity()]);
    }
    worker.run(() -> graph(layers, false).run(inputs, mode, gradients, update));
  }

  @Override
  public void close() {
    worker.close(() -> graphs.values().forEach(CompiledGraph::close));
  }
}
