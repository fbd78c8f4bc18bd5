package sc.fiji.spyhop.exchange.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Leaves out what does not lead to an output, makes one formula of layers that belong together (see
 * {@link Fusing}), and folds constants by which channels are multiplied and shifted into the
 * convolution, matrix or normalization before, if nothing else reads that. The outputs stay the
 * same up to rounding.
 */
final class Folding {

  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, String> renamed = new HashMap<>();

  /** By layer as it is now, the one whose value it gives. */
  private final Map<String, String> given = new HashMap<>();

  private final List<String> outputs;

  Folding(Map<String, Node> all, List<String> outputs) {
    Set<String> needed = needed(all, outputs);
    Map<String, Integer> readers = new HashMap<>();
    for (String name : needed) {
      if (!all.containsKey(name)) continue;
      for (String input : all.get(name).layer().inputs()) readers.merge(input, 1, Integer::sum);
    }
    outputs.forEach(o -> readers.merge(o, 1, Integer::sum));
    for (Map.Entry<String, Node> e : all.entrySet()) {
      if (needed.contains(e.getKey())) take(e.getValue(), readers);
    }
    this.outputs = outputs.stream().map(this::current).distinct().toList();
  }

  private static Set<String> needed(Map<String, Node> all, List<String> outputs) {
    Set<String> needed = new HashSet<>(outputs);
    Deque<String> open = new ArrayDeque<>(outputs);
    while (!open.isEmpty()) {
      Node node = all.get(open.pop());
      if (node == null) continue;
      for (String input : node.layer().inputs()) {
        if (needed.add(input)) open.push(input);
      }
    }
    return needed;
  }

  private void take(Node node, Map<String, Integer> readers) {
    String name = node.layer().name();
    if (node.affine().isPresent()) {
      String input = node.layer().input();
      Node before = nodes.get(current(input));
      if (before != null && readers.get(input) == 1) {
        Optional<Node> folded = fold(before, node.affine().get());
        if (folded.isPresent()) {
          nodes.put(before.layer().name(), folded.get());
          renamed.put(name, before.layer().name());
          given.put(before.layer().name(), name);
          return;
        }
      }
    }
    nodes.put(name, new Node(renamed(node.layer()), node.parameters(), node.affine()));
    given.put(name, name);
  }

  private String current(String name) {
    return renamed.getOrDefault(name, name);
  }

  private static Optional<Node> fold(Node before, ScaleAndShift by) {
    if (before.layer() instanceof Convolution l) {
      Layer biased =
          new Convolution(
              l.name(),
              l.input(),
              l.channels(),
              l.filters(),
              l.kernel(),
              l.stride(),
              l.dilation(),
              l.padding(),
              true,
              l.groups());
      return Optional.of(
          new Node(biased, scaled(before, by), before.affine().map(a -> then(a, by))));
    }
    if (before.layer() instanceof Dense l) {
      Layer biased = new Dense(l.name(), l.input(), l.features(), l.units(), true);
      return Optional.of(new Node(biased, scaled(before, by), Optional.empty()));
    }
    if (isNormalization(before.layer())) {
      Map<String, Tensor> parameters = new LinkedHashMap<>(before.parameters());
      parameters.putAll(scaled(before, by));
      return Optional.of(
          new Node(before.layer(), parameters, before.affine().map(a -> then(a, by))));
    }
    return Optional.empty();
  }

  /** Whether a layer multiplies and shifts each channel at its end. */
  private static boolean isNormalization(Layer layer) {
    return layer instanceof BatchNorm || layer instanceof GroupNorm || layer instanceof LayerNorm;
  }

  private static ScaleAndShift then(ScaleAndShift first, ScaleAndShift second) {
    float[] scale = new float[first.scale().length];
    float[] shift = new float[scale.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = first.scale()[c] * second.scale()[c];
      shift[c] = first.shift()[c] * second.scale()[c] + second.shift()[c];
    }
    return new ScaleAndShift(scale, shift);
  }

  /** Weight and bias, whose first axis is that of the affine's channels, multiplied and shifted. */
  private static Map<String, Tensor> scaled(Node node, ScaleAndShift by) {
    Tensor weight = node.parameters().get("weight");
    int channels = by.scale().length;
    float[] w = weight.data();
    if (!allOnes(by.scale())) {
      w = w.clone();
      int row = w.length / channels;
      for (int i = 0; i < w.length; i++) w[i] *= by.scale()[i / row];
    }
    float[] b = by.shift().clone();
    Tensor bias = node.parameters().get("bias");
    for (int c = 0; c < channels && bias != null; c++) b[c] += by.scale()[c] * bias.data()[c];
    Map<String, Tensor> scaled = new LinkedHashMap<>();
    scaled.put("weight", new Tensor(weight.axes(), weight.shape(), w));
    scaled.put("bias", new Tensor(Axes.C, new int[] {channels}, b));
    return scaled;
  }

  private static boolean allOnes(float[] values) {
    for (float v : values) {
      if (v != 1) return false;
    }
    return true;
  }

  private Layer renamed(Layer layer) {
    List<String> inputs = layer.inputs().stream().map(this::current).toList();
    return inputs.equals(layer.inputs()) ? layer : layer.renamed(layer.name(), inputs);
  }

  /**
   * @param values of the foreign network, by name
   */
  Imported result(
      List<Network.Input> inputs,
      List<String> notes,
      Map<String, Feature> values,
      Optional<String> cut) {
    fuse(inputs);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    List<Layer> layers = new ArrayList<>();
    for (Node node : nodes.values()) {
      layers.add(node.layer());
      node.parameters()
          .forEach((part, tensor) -> weights.put(node.layer().name() + "." + part, tensor));
    }
    inputs.forEach(i -> given.put(i.name(), i.name()));
    Map<String, Feature> kept = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          String layer = current(value.layer());
          if (value.layer().equals(given.get(layer)) && value.margin().isEmpty()) {
            kept.put(name, value.as(layer, value.shape()));
          }
        });
    return new Imported(
        new Network(inputs, layers, outputs), new Weights(weights), notes, kept, cut);
  }

  private void fuse(List<Network.Input> inputs) {
    List<Layer> layers = nodes.values().stream().map(Node::layer).toList();
    Fusing.apply(nodes, Shapes.of(new Network(inputs, layers, outputs)), outputs);
    given.keySet().retainAll(nodes.keySet());
  }
}
