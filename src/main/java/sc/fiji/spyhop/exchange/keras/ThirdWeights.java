package sc.fiji.spyhop.exchange.keras;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.NaturalOrder;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.util.Strings;

/**
 * Weights as Keras 3 keeps them in {@code .weights.h5}: a group {@code layers/TYPE_NUMBER/vars} for
 * each layer, with data sets {@code 0}, {@code 1}, ... The names are those of types, whatever the
 * layers are called, and number the layers of one type in their order.
 */
final class ThirdWeights {

  private static final String LAYERS = "layers";
  private static final String VALUES = "vars";

  private ThirdWeights() {}

  /** Whether a file is of this kind. */
  static boolean isIn(Group root) {
    return root.getChildren().get(LAYERS) instanceof Group g && !g.isLink();
  }

  /** Names of the groups of layers that have weights, each followed by those of its type. */
  static List<String> layers(Group root) {
    Group layers = (Group) root.getChildren().get(LAYERS);
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, Node> e : layers.getChildren().entrySet()) {
      if (!(e.getValue() instanceof Group g) || g.isLink()) continue;
      if (g.getChildren().containsKey(LAYERS)) {
        throw new SpyhopException(
            "has weights of a model within a model (" + e.getKey() + "), which are not read.");
      }
      if (g.getChildren().get(VALUES) instanceof Group v && !v.getChildren().isEmpty()) {
        names.add(e.getKey());
      }
    }
    names.sort(NaturalOrder.INSTANCE);
    return names;
  }

  /** Names of the data sets of a layer, from the root, in their order. */
  static List<String> values(Group root, String layer) {
    Group group = (Group) ((Group) root.getChildren().get(LAYERS)).getChildren().get(layer);
    List<String> names =
        new ArrayList<>(((Group) group.getChildren().get(VALUES)).getChildren().keySet());
    names.sort(NaturalOrder.INSTANCE);
    return names.stream().map(n -> String.join("/", LAYERS, layer, VALUES, n)).toList();
  }

  /**
   * The layer of the file for each of ours: the n-th of a type gets the n-th of that type.
   *
   * @throws SpyhopException if there are more or fewer of one
   */
  static Map<Layer, String> matched(List<String> theirs, List<Layer> ours) {
    Map<String, List<String>> byType = new LinkedHashMap<>();
    for (String name : theirs) {
      byType.computeIfAbsent(name.replaceFirst("_[0-9]+$", ""), t -> new ArrayList<>()).add(name);
    }
    Map<Layer, String> matched = new LinkedHashMap<>();
    for (Layer layer : ours) {
      String type = type(layer);
      List<String> left = byType.getOrDefault(type, List.of());
      if (left.isEmpty()) {
        throw new SpyhopException(
            Strings.format(
                "expected weights of Keras' type %s for each such layer of the network, found none for %s; the file has %s.",
                type, layer.name(), String.join(", ", theirs)));
      }
      matched.put(layer, left.remove(0));
    }
    Optional<String> surplus = byType.values().stream().flatMap(List::stream).findFirst();
    if (surplus.isPresent()) {
      throw new SpyhopException(
          "has weights of a layer " + surplus.get() + ", for which the network has none.");
    }
    return matched;
  }

  private static String type(Layer layer) {
    if (layer instanceof Convolution c) {
      return c.groups() == c.channels() && c.groups() > 1 ? "depthwise_conv2d" : "conv2d";
    }
    if (layer instanceof TransposedConvolution) return "conv2d_transpose";
    if (layer instanceof Dense) return "dense";
    if (layer instanceof BatchNorm) return "batch_normalization";
    if (layer instanceof GroupNorm) return "group_normalization";
    if (layer instanceof LayerNorm) return "layer_normalization";
    if (layer instanceof PRelu) return "p_re_lu";
    return layer.getClass().getSimpleName();
  }
}
