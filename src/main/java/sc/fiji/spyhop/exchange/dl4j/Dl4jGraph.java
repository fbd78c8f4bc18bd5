package sc.fiji.spyhop.exchange.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * What a description of Deeplearning4j says: a MultiLayerConfiguration, whose layers follow each
 * other, or a ComputationGraphConfiguration.
 *
 * @param vertices in the order of their parameters, by name
 */
record Dl4jGraph(List<String> inputs, Map<String, Vertex> vertices, List<String> outputs) {

  /** Packages of the configurations. */
  static final String PACKAGE = "org.deeplearning4j.nn.conf.";

  private static final int MAX_VERTICES = 20_000;
  private static final int MAX_WRAPPERS = 4;

  /** Layers that are as the one in them, but are not trained. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "layers.misc.FrozenLayer",
          "layers.misc.FrozenLayerWithBackprop",
          "layers.wrapper.BaseWrapperLayer",
          "graph.FrozenVertex");

  /**
   * A layer or another operation.
   *
   * @param type class of its configuration, without {@link #PACKAGE}
   * @param config its settings
   * @param preProcessor what is done to its input; missing: nothing
   */
  record Vertex(
      String name, String type, JsonNode config, JsonNode preProcessor, List<String> inputs) {}

  /** Class that a piece of JSON is the configuration of, without {@link #PACKAGE}. */
  static String type(JsonNode node) {
    String name = node.path("@class").asText();
    return name.startsWith(PACKAGE) ? name.substring(PACKAGE.length()) : name;
  }

  static Dl4jGraph of(JsonNode root) {
    Map<String, Vertex> vertices = new LinkedHashMap<>();
    if (root.path("confs").isArray()) return layers(root, vertices);
    if (!root.path("vertices").isObject()) {
      throw new SpyhopException(
          "expected a MultiLayerNetwork or ComputationGraph of Deeplearning4j, received a"
              + " description of something else.");
    }
    List<String> inputs = texts(root.path("networkInputs"));
    List<String> order = texts(root.path("topologicalOrderStr"));
    if (order.isEmpty()) {
      throw new SpyhopException(
          "does not say in which order its vertices have their parameters, as versions before"
              + " 1.0.0-beta4 do not. Load it with Deeplearning4j 1.0.0-M2.1 and save it again.");
    }
    for (String name : order) {
      if (inputs.contains(name)) continue;
      List<String> from = texts(root.path("vertexInputs").path(name));
      add(vertices, vertex(name, root.path("vertices").path(name), from));
    }
    if (vertices.size() != root.path("vertices").size()) {
      throw new SpyhopException("names other vertices in its order than it has.");
    }
    return new Dl4jGraph(inputs, vertices, texts(root.path("networkOutputs")));
  }

  private static Dl4jGraph layers(JsonNode root, Map<String, Vertex> vertices) {
    String before = "input";
    int n = 0;
    for (JsonNode conf : root.path("confs")) {
      JsonNode layer = unwrapped(conf.path("layer"));
      String name = layer.path("layerName").asText("layer" + n);
      if (name.equals("input") || vertices.containsKey(name)) name = name + "_" + n;
      JsonNode process = root.path("inputPreProcessors").path(Integer.toString(n++));
      add(vertices, new Vertex(name, type(layer), layer, process, List.of(before)));
      before = name;
    }
    return new Dl4jGraph(List.of("input"), vertices, List.of(before));
  }

  private static void add(Map<String, Vertex> vertices, Vertex vertex) {
    if (vertices.put(vertex.name(), vertex) != null || vertices.size() > MAX_VERTICES) {
      throw new SpyhopException(
          "vertex " + Strings.visible(vertex.name()) + ": expected each once, and not so many.");
    }
  }

  private static Vertex vertex(String name, JsonNode told, List<String> inputs) {
    JsonNode node = unwrapped(told);
    if (!type(node).equals("graph.LayerVertex")) {
      return new Vertex(name, type(node), node, MissingNode.getInstance(), inputs);
    }
    JsonNode layer = unwrapped(node.path("layerConf").path("layer"));
    return new Vertex(name, type(layer), layer, node.path("preProcessor"), inputs);
  }

  private static JsonNode unwrapped(JsonNode node) {
    JsonNode inner = node;
    for (int i = 0; i < MAX_WRAPPERS && WRAPPERS.contains(type(inner)); i++) {
      inner = inner.has("underlying") ? inner.path("underlying") : inner.path("layer");
    }
    return inner;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(t -> texts.add(t.asText()));
    return texts;
  }

  /** Those that a vertex or input feeds. */
  List<Vertex> readers(String name) {
    return vertices.values().stream().filter(v -> v.inputs().contains(name)).toList();
  }
}
