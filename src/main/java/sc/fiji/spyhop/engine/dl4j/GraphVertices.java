package sc.fiji.spyhop.engine.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import sc.fiji.spyhop.engine.graph.BlockMap;
import sc.fiji.spyhop.engine.graph.ChannelMap;
import sc.fiji.spyhop.engine.graph.PlaneMap;
import sc.fiji.spyhop.engine.normalization.GroupNormalization;
import sc.fiji.spyhop.engine.normalization.LayerNormalization;
import sc.fiji.spyhop.exchange.dl4j.Dl4jVertices;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.weights.Weights;

/**
 * The vertices with which a network is computed: those of Deeplearning4j where they compute what
 * the network says, going back too, and otherwise a {@link CustomVertex}.
 */
final class GraphVertices extends Dl4jVertices {

  private final Weights weights;
  private final Map<String, Integer> numbers;
  private final Set<String> frozen;

  /** ReLUs by the convolution that computes them as well. */
  private final Map<String, String> absorbed = new HashMap<>();

  private final Map<String, CustomVertex> custom = new LinkedHashMap<>();
  private final List<String> outlets = new ArrayList<>();

  /**
   * All vertices of a network.
   *
   * @param numbers places of layers in the network that they were taken from
   * @param asked layers to be outputs, in this order
   * @param frozen layers that stay as they are
   * @param fixed layers that no gradient goes back through
   * @param absorbs whether a convolution may compute the ReLU behind it as well
   */
  GraphVertices(
      Network network,
      Weights weights,
      Map<String, Integer> numbers,
      List<String> asked,
      Set<String> frozen,
      Set<String> fixed,
      boolean absorbs) {
    super(network, weights);
    this.weights = weights;
    this.numbers = numbers;
    this.frozen = frozen;
    if (absorbs) absorb(network, asked);
    for (Layer layer : network.layers()) {
      Set<String> before = new HashSet<>();
      vertices().fieldNames().forEachRemaining(before::add);
      if (!absorbed.containsValue(layer.name())) layer.accept(this);
      if (fixed.contains(layer.name())) freeze(before);
    }
    for (Layer layer : network.layers()) {
      if (asked.contains(layer.name())) outlets.add(outlet(layer));
    }
  }

  Map<String, CustomVertex> custom() {
    return custom;
  }

  /** Names of the vertices that are outputs, in the order of the network's layers. */
  List<String> outlets() {
    return outlets;
  }

  private void absorb(Network network, List<String> asked) {
    Map<String, List<Layer>> readers = new HashMap<>();
    for (Layer layer : network.layers()) {
      for (String input : layer.inputs()) {
        readers.computeIfAbsent(input, k -> new ArrayList<>()).add(layer);
      }
    }
    for (Layer layer : network.layers()) {
      List<Layer> next = readers.getOrDefault(layer.name(), List.of());
      if (layer instanceof Convolution
          && next.size() == 1
          && next.get(0) instanceof Activation a
          && a.function() == Layer.Function.RELU
          && !asked.contains(layer.name())) {
        absorbed.put(layer.name(), a.name());
      }
    }
  }

  /** Deeplearning4j goes back through no vertex that is frozen. */
  private void freeze(Set<String> before) {
    for (Map.Entry<String, JsonNode> vertex : vertices().properties()) {
      if (before.contains(vertex.getKey())) continue;
      ObjectNode wrapped = of(FrozenVertex.class.getName());
      wrapped.set("underlying", vertex.getValue());
      vertex.setValue(wrapped);
    }
  }

  private String outlet(Layer layer) {
    return custom(besides(layer, "output"), List.of(layer.name()), 0, new CopyVertex(false));
  }

  private String custom(Layer layer, CustomVertex vertex) {
    return custom(layer, layer.name(), vertex);
  }

  private String custom(Layer layer, String name, CustomVertex vertex) {
    long count = 0;
    for (var p : layer.parameters()) {
      parameters(weights.get(p.name()).data());
      count += p.length();
    }
    return custom(name, layer.inputs(), count, vertex);
  }

  private String custom(String name, List<String> sources, long parameters, CustomVertex vertex) {
    vertices().set(name, of(CustomVertexConf.class.getName()).put("parameters", parameters));
    sources.forEach(inputs().putArray(name)::add);
    custom.put(name, vertex);
    return name;
  }

  @Override
  public String visit(Convolution l) {
    String relu = absorbed.get(l.name());
    return relu == null
        ? custom(l, l.name(), new ConvolutionVertex(l, false))
        : custom(l, relu, new ConvolutionVertex(l, true));
  }

  @Override
  public String visit(Pooling l) {
    return custom(l, new PoolingVertex(l));
  }

  @Override
  public String visit(Concat l) {
    return custom(l, new ConcatVertex());
  }

  @Override
  public String visit(Upsampling l) {
    return l.interpolation() == Layer.Interpolation.NEAREST
        ? super.visit(l)
        : custom(l, new BilinearVertex(l));
  }

  @Override
  public String visit(Activation l) {
    return switch (l.function()) {
      case SOFTMAX -> custom(l, new SoftmaxVertex());
      case GELU ->
          custom(l, new FunctionVertex(LayerFormula.parse(l.function().formula().orElseThrow())));
      default -> super.visit(l);
    };
  }

  @Override
  public String visit(PRelu l) {
    return l.space().isEmpty() ? super.visit(l) : custom(l, new PReluVertex(l));
  }

  @Override
  public String visit(BatchNorm l) {
    return custom(l, new BatchNormVertex(l, frozen.contains(l.name())));
  }

  @Override
  public String visit(Dense l) {
    return custom(l, new DenseVertex(l));
  }

  @Override
  public String visit(Dropout l) {
    return custom(l, new DropoutVertex(l, numbers.get(l.name())));
  }

  @Override
  public String visit(Flatten l) {
    return custom(l, new CopyVertex(true));
  }

  @Override
  public String visit(LocalResponseNorm l) {
    return custom(l, new LocalResponseNormVertex(l));
  }

  @Override
  public String visit(Pad l) {
    return custom(l, new LinearVertex(l, PlaneMap.of(l)));
  }

  @Override
  public String visit(Resizing l) {
    return custom(l, new LinearVertex(l, PlaneMap.of(l)));
  }

  @Override
  public String visit(SelectChannels l) {
    return custom(l, new LinearVertex(l, new ChannelMap(l)));
  }

  @Override
  public String visit(PixelShuffle l) {
    return custom(l, new LinearVertex(l, new BlockMap(l)));
  }

  @Override
  public String visit(GroupNorm l) {
    GroupNormalization normalization = new GroupNormalization(l.groups(), l.epsilon());
    return custom(l, new NormalizationVertex(normalization, l.parameters()));
  }

  @Override
  public String visit(LayerNorm l) {
    LayerNormalization normalization = new LayerNormalization(l.epsilon());
    return custom(l, new NormalizationVertex(normalization, l.parameters()));
  }

  @Override
  public String visit(Formula l) {
    return custom(l, new FunctionVertex(l.read()));
  }

  @Override
  public String visit(PluginLayer l) {
    return custom(l, new FunctionVertex(l.function()));
  }
}
