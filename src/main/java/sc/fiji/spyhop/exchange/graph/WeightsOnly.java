package sc.fiji.spyhop.exchange.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/** Weights without an architecture, laid onto a network whose tensors are named otherwise. */
public final class WeightsOnly {

  private WeightsOnly() {}

  /**
   * By name, a prefix that all share aside, by a map of names, or else in order: the n-th layer
   * with weights gets those of the n-th layer there. PyTorch's counters of batches are left out.
   *
   * @param names ours by theirs; empty for none
   * @throws SpyhopException naming the tensor that does not fit, or two layers there whose order is
   *     not known
   */
  public static Imported onto(Network network, Weights theirs, Map<String, String> names) {
    Map<String, Tensor> given = new LinkedHashMap<>(theirs.tensors());
    given.keySet().removeIf(n -> n.endsWith("num_batches_tracked"));
    for (String name : names.keySet()) {
      if (!given.containsKey(name)) {
        throw new SpyhopException(
            "weights: the list of names has " + name + ", which is not in the file.");
      }
    }
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> e : given.entrySet()) {
      renamed.put(names.getOrDefault(e.getKey(), e.getKey()), e.getValue());
    }
    Set<String> ours = new LinkedHashSet<>();
    Parameters.of(network).forEach(p -> ours.add(p.name()));
    while (names.isEmpty() && !renamed.keySet().containsAll(ours)) {
      Optional<Map<String, Tensor>> bare = withoutPrefix(renamed);
      if (bare.isEmpty()) break;
      renamed = bare.get();
    }
    boolean named = !names.isEmpty() || renamed.keySet().containsAll(ours);
    Weights fitting = named ? new Weights(renamed).fittedTo(network) : inOrder(network, given);
    return new Imported(
        network,
        fitting,
        named ? List.of() : List.of("Weights were matched with the layers by their order."));
  }

  /** Without the first part of names, such as {@code module.}, if it is the same everywhere. */
  private static Optional<Map<String, Tensor>> withoutPrefix(Map<String, Tensor> tensors) {
    Map<String, Tensor> bare = new LinkedHashMap<>();
    Set<String> prefixes = new LinkedHashSet<>();
    tensors.forEach(
        (name, tensor) -> {
          int dot = name.indexOf('.');
          prefixes.add(name.substring(0, dot + 1));
          bare.put(name.substring(dot + 1), tensor);
        });
    boolean shared = prefixes.size() == 1 && !prefixes.contains("");
    return shared ? Optional.of(bare) : Optional.empty();
  }

  private static Weights inOrder(Network network, Map<String, Tensor> given) {
    List<Map<String, Tensor>> layers = inNaturalOrder(byLayer(given));
    Map<String, Tensor> all = new LinkedHashMap<>();
    String layer = "";
    int next = -1;
    for (Parameter p : Parameters.of(network)) {
      if (!p.layer().equals(layer)) {
        layer = p.layer();
        next++;
      }
      if (next == layers.size()) {
        throw new SpyhopException(
            Strings.format(
                "weights: the file has %d layers with weights, the network more; %s gets none.",
                layers.size(), layer));
      }
      String part = p.name().substring(layer.length() + 1);
      Tensor t = layers.get(next).get(part);
      List<Integer> shape = t == null ? List.of() : Arrays.stream(t.shape()).boxed().toList();
      if (!shape.equals(p.shape())) {
        throw new SpyhopException(
            Strings.format(
                "weights: %s: expected shape %s, but the layer at this place in the file has %s. Give a list of names.",
                p.name(), p.shape(), t == null ? "no " + part : shape));
      }
      all.put(p.name(), t);
    }
    if (next + 1 < layers.size()) {
      throw new SpyhopException(
          Strings.format(
              "weights: the file has %d layers with weights, the network %d.",
              layers.size(), next + 1));
    }
    return new Weights(all).fittedTo(network);
  }

  /**
   * Many programs sort tensors by name before they write them, which brings 10 before 2: then
   * layers are put into the order of their numbers.
   */
  private static List<Map<String, Tensor>> inNaturalOrder(Map<String, Map<String, Tensor>> layers) {
    List<String> names = new ArrayList<>(layers.keySet());
    if (names.stream().sorted().toList().equals(names)) {
      names.sort(NaturalOrder.INSTANCE);
      requireOrder(names, layers);
    }
    return names.stream().map(layers::get).toList();
  }

  /** Numbers tell which layer comes first, words do not: then shapes have to. */
  private static void requireOrder(List<String> names, Map<String, Map<String, Tensor>> layers) {
    for (int i = 0; i < names.size(); i++) {
      for (String other : names.subList(i + 1, names.size())) {
        String name = names.get(i);
        if (NaturalOrder.isByNumber(name, other)
            || !shapes(layers.get(name)).equals(shapes(layers.get(other)))) {
          continue;
        }
        throw new SpyhopException(
            Strings.format(
                "weights: the layers %s and %s have the same shapes, and nothing in the file tells which of them comes first. Give a list of names.",
                name, other));
      }
    }
  }

  private static Map<String, List<Integer>> shapes(Map<String, Tensor> layer) {
    Map<String, List<Integer>> shapes = new HashMap<>();
    layer.forEach((part, t) -> shapes.put(part, Arrays.stream(t.shape()).boxed().toList()));
    return shapes;
  }

  private static Map<String, Map<String, Tensor>> byLayer(Map<String, Tensor> given) {
    Map<String, Map<String, Tensor>> layers = new LinkedHashMap<>();
    given.forEach(
        (name, tensor) -> {
          int dot = name.lastIndexOf('.');
          layers
              .computeIfAbsent(name.substring(0, Math.max(0, dot)), n -> new LinkedHashMap<>())
              .put(name.substring(dot + 1), tensor);
        });
    return layers;
  }
}
