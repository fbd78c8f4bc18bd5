package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.FwdPassType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.InputVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * As much of a network as some of its layers depend on, as a graph of Deeplearning4j. To be used
 * and closed on the thread of a {@link Worker}.
 */
final class CompiledGraph extends ComputationGraph {

  private static final String ACTIVATIONS = "WS_ALL_LAYERS_ACT";
  private static final String WORKING = "WS_LAYER_WORKING_MEM";

  private final transient Network network;
  private final transient List<String> asked;
  private final transient Map<String, CustomVertex> custom;
  private final transient Map<String, Tensor> received = new HashMap<>();
  private transient Mode mode = Mode.PREDICT;
  private transient RectifierRule rule = RectifierRule.DERIVATIVE;
  private transient String of = "";

  private CompiledGraph(Network network, List<String> asked, GraphVertices vertices) {
    super(
        ComputationGraphConfiguration.fromJson(
            vertices.configuration(vertices.outlets()).toString()));
    this.network = network;
    this.asked = asked;
    this.custom = vertices.custom();
  }

  /**
   * Compiles.
   *
   * @param layers whose activations are asked for
   * @param frozen layers that stay as they are
   * @param trains whether gradients are for parameters alone, and not for inputs
   * @param watched whether each layer is a vertex of its own, as {@link #explain} wants it where it
   *     is asked for more than the derivative with respect to an input
   */
  static CompiledGraph of(
      Network whole,
      Weights weights,
      Collection<String> layers,
      Set<String> frozen,
      boolean trains,
      boolean watched) {
    Dl4j.prepare();
    Map<String, Integer> numbers = new HashMap<>();
    for (Layer l : whole.layers()) numbers.put(l.name(), whole.inputs().size() + numbers.size());
    Network part = ancestors(whole, layers);
    List<String> asked = part.layers().stream().map(Layer::name).filter(layers::contains).toList();
    Set<String> fixed = trains ? fixed(part, frozen) : Set.of();
    GraphVertices vertices =
        new GraphVertices(part, weights, numbers, asked, frozen, fixed, !watched);
    CompiledGraph graph = new CompiledGraph(part, asked, vertices);
    float[] values = vertices.parameters();
    if (values.length == 0) graph.init();
    else graph.init(HostArray.copy(values, 1, values.length), false);
    graph.receive();
    if (watched) part.layers().forEach(graph::watch);
    return graph;
  }

  private static Network ancestors(Network whole, Collection<String> layers) {
    Set<String> needed = new HashSet<>(layers);
    List<Layer> kept = new ArrayList<>();
    for (int i = whole.layers().size() - 1; i >= 0; i--) {
      Layer layer = whole.layers().get(i);
      if (!needed.contains(layer.name())) continue;
      kept.add(0, layer);
      needed.addAll(layer.inputs());
    }
    List<Network.Input> inputs =
        whole.inputs().stream().filter(i -> needed.contains(i.name())).toList();
    return new Network(inputs, kept, layers.stream().distinct().toList());
  }

  /** Layers with nothing to be trained in or before them. */
  private static Set<String> fixed(Network network, Set<String> frozen) {
    Set<String> fixed = new HashSet<>();
    network.inputs().forEach(i -> fixed.add(i.name()));
    for (Layer layer : network.layers()) {
      boolean trained =
          !frozen.contains(layer.name())
              && layer.parameters().stream().anyMatch(p -> p.role().isTrained());
      if (!trained && fixed.containsAll(layer.inputs())) fixed.add(layer.name());
    }
    return fixed;
  }

  /** Puts vertices in the place of inputs that keep the gradients that come back to them. */
  private void receive() {
    for (int i = 0; i < vertices.length; i++) {
      if (!vertices[i].isInputVertex()) continue;
      GraphVertex before = vertices[i];
      vertices[i] =
          new InputVertex(
              this, before.getVertexName(), i, before.getOutputVertices(), DataType.FLOAT) {
            @Override
            public void setEpsilon(INDArray gradient) {
              super.setEpsilon(gradient);
              if (gradient != null && getVertexName().equals(of)) {
                received.put(getVertexName(), HostArray.tensor(gradient));
              }
            }
          };
      verticesMap.put(before.getVertexName(), vertices[i]);
    }
  }

  private void watch(Layer layer) {
    GraphVertex before = verticesMap.get(layer.name());
    int i = before.getVertexIndex();
    vertices[i] =
        new WatchedVertex(
            before,
            (name, gradient) -> {
              if (name.equals(of)) received.put(name, HostArray.tensor(gradient));
            },
            () -> layer.rectifies() ? rule : RectifierRule.DERIVATIVE);
    verticesMap.put(layer.name(), vertices[i]);
  }

  CustomVertex custom(String name) {
    return custom.get(name);
  }

  Mode mode() {
    return mode;
  }

  /** Where parameters begin in {@link #values} and {@link #gradients}, by name. */
  Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    int at = 0;
    for (Layer layer : network.layers()) {
      List<Parameter> parameters = new ArrayList<>(layer.parameters());
      if (layer instanceof TransposedConvolution) Collections.reverse(parameters);
      for (Parameter p : parameters) {
        places.put(p.name(), at);
        at += (int) p.length();
      }
    }
    return places;
  }

  /** All parameters, as the processor sees them; {@link #changed} is to be told of changes. */
  FloatBuffer values() {
    return isEmpty() ? FloatBuffer.allocate(0) : HostArray.values(flattenedParams);
  }

  /** Gradients of all parameters after {@link #run}. */
  FloatBuffer gradients() {
    if (isEmpty()) return FloatBuffer.allocate(0);
    if (flattenedGradients == null) initGradientsView();
    return HostArray.values(flattenedGradients);
  }

  /** Whether it has no parameters. */
  private boolean isEmpty() {
    return flattenedParams == null || flattenedParams.length() == 0;
  }

  /** The values of parameters were written. */
  void changed() {
    if (!isEmpty()) HostArray.fromHost(flattenedParams);
  }

  private INDArray[] arrays(Map<String, Tensor> inputs) {
    return network.inputs().stream()
        .map(i -> HostArray.copy(inputs.get(i.name())))
        .toArray(INDArray[]::new);
  }

  private Map<String, Tensor> tensors(INDArray[] outputs) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (int i = 0; i < outputs.length; i++) {
      tensors.put(asked.get(i), HostArray.tensor(outputs[i]));
    }
    return tensors;
  }

  /** Activations of the layers that it was compiled for. */
  Map<String, Tensor> predict(Map<String, Tensor> inputs) {
    mode = Mode.PREDICT;
    INDArray[] in = arrays(inputs);
    try {
      INDArray[] out = output(false, in, null, null);
      Map<String, Tensor> tensors = tensors(out);
      for (INDArray o : out) o.close();
      return tensors;
    } finally {
      for (INDArray i : in) i.close();
    }
  }

  /**
   * Takes a gradient back.
   *
   * @param slopes told of the activations of all layers that the graph was compiled for, gives
   *     gradients with respect to them; those left out count as zeros
   * @param asked input or layer whose gradient is asked
   * @return that gradient by its name, if something depends on it
   */
  Map<String, Tensor> explain(
      Map<String, Tensor> inputs,
      Mode how,
      UnaryOperator<Map<String, Tensor>> slopes,
      String asked,
      RectifierRule by) {
    of = asked;
    rule = by;
    try {
      run(inputs, how, slopes, () -> false);
      return Map.copyOf(received);
    } finally {
      of = "";
      rule = RectifierRule.DERIVATIVE;
    }
  }

  /**
   * Goes forward and back.
   *
   * @param gradients told of the activations of all layers that the graph was compiled for, gives
   *     gradients with respect to them; none: it does not go back
   * @param update of parameters, after that; answers whether moving averages are to move
   */
  void run(
      Map<String, Tensor> inputs,
      Mode mode,
      UnaryOperator<Map<String, Tensor>> gradients,
      BooleanSupplier update) {
    this.mode = mode;
    received.clear();
    INDArray[] in = arrays(inputs);
    LayerWorkspaceMgr manager =
        LayerWorkspaceMgr.builder()
            .with(ArrayType.ACTIVATIONS, ACTIVATIONS, WS_ALL_LAYERS_ACT_CONFIG)
            .with(ArrayType.INPUT, ACTIVATIONS, WS_ALL_LAYERS_ACT_CONFIG)
            .with(ArrayType.FF_WORKING_MEM, WORKING, WS_LAYER_WORKING_MEM_CONFIG)
            .with(ArrayType.BP_WORKING_MEM, WORKING, WS_LAYER_WORKING_MEM_CONFIG)
            .build();
    try (MemoryWorkspace open = manager.notifyScopeEntered(ArrayType.ACTIVATIONS)) {
      // not "in training", functions would overwrite what goes in
      Map<String, INDArray> all =
          ffToLayerActivationsInWS(
              true, vertices.length - 1, null, FwdPassType.STANDARD, false, in, null, null, false);
      List<String> outlets = getConfiguration().getNetworkOutputs();
      Map<String, Tensor> outputs =
          tensors(outlets.stream().map(all::get).toArray(INDArray[]::new));
      Map<String, Tensor> seeds = gradients.apply(outputs);
      if (seeds.isEmpty()) return;
      INDArray[] epsilons =
          asked.stream()
              .map(a -> HostArray.inWorkspace(seed(seeds.get(a), outputs.get(a))))
              .toArray(INDArray[]::new);
      calcBackpropGradients(false, false, epsilons);
      if (!isEmpty()) HostArray.toHost(flattenedGradients);
      if (update.getAsBoolean()) {
        changed();
        custom.values().forEach(CustomVertex::commit);
        if (!isEmpty()) HostArray.toHost(flattenedParams);
      }
    } finally {
      clear();
      for (INDArray i : in) i.close();
    }
  }

  private static Tensor seed(Tensor gradient, Tensor output) {
    return gradient == null ? Tensor.zeros(output.axes(), output.shape()) : gradient;
  }

  @Override
  public void close() {
    custom.values().forEach(CustomVertex::close);
    if (flattenedParams != null && flattenedParams.closeable()) flattenedParams.close();
    if (flattenedGradients != null && flattenedGradients.closeable()) flattenedGradients.close();
  }
}
