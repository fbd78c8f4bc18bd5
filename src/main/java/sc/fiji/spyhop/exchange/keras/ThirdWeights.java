package sc.fiji.spyhop.exchange.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
 * Weights as Keras 3 keeps them in {@code .weights.h5} and {@code .keras}: a group {@code
 * layers/TYPE_NUMBER/vars} for each layer, with data sets {@code 0}, {@code 1}, ... The names are
 * those of types, whatever the layers are called, and number the layers of one type in their order.
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
    return values((Group) root.getChildren().get(LAYERS), LAYERS, layer);
  }

  private static List<String> values(Group layers, String path, String layer) {
    boolean has =
        layers.getChildren().get(layer) instanceof Group g
            && !g.isLink()
            && g.getChildren().get(VALUES) instanceof Group;
    if (!has) return List.of();
    Group group = (Group) ((Group) layers.getChildren().get(layer)).getChildren().get(VALUES);
    List<String> names = new ArrayList<>(group.getChildren().keySet());
    names.sort(NaturalOrder.INSTANCE);
    return names.stream().map(n -> String.join("/", path, layer, VALUES, n)).toList();
  }

  /**
   * Names of the data sets of each layer of a model that has some, models within it included.
   *
   * @param model its description, whose layers are in the order in which types are numbered
   * @throws SpyhopException if two layers with weights have one name, or a group is missing
   */
  static Map<String, List<String>> byLayer(Group root, JsonNode model) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    addLayers(root, "", model.path("config").path("layers"), all);
    return all;
  }

  private static void addLayers(
      Group model, String path, JsonNode layers, Map<String, List<String>> all) {
    if (!isIn(model)) throw new SpyhopException("there are no weights of layers in it.");
    Group groups = (Group) model.getChildren().get(LAYERS);
    Map<String, Integer> counts = new HashMap<>();
    for (JsonNode layer : layers) {
      String type = snakeCase(layer.path("class_name").asText());
      int before = counts.merge(type, 1, Integer::sum) - 1;
      String group = before == 0 ? type : type + "_" + before;
      if (layer.path("config").path("layers").isArray()) {
        if (!(groups.getChildren().get(group) instanceof Group inner) || inner.isLink()) {
          throw new SpyhopException(
              "there is no group " + group + " for a model within the model.");
        }
        addLayers(
            inner, path + LAYERS + "/" + group + "/", layer.path("config").path("layers"), all);
        continue;
      }
      List<String> own = values(groups, path + LAYERS, group);
      String name = layer.path("config").path("name").asText(layer.path("name").asText());
      if (!own.isEmpty() && all.put(name, own) != null) {
        throw new SpyhopException(
            "has two layers of the name " + name + ". Rename one, and save the model again.");
      }
    }
  }

  /** The name of a class as Keras' groups have it: {@code p_re_lu} of {@code PReLU}. */
  private static String snakeCase(String type) {
    return type.replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
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
