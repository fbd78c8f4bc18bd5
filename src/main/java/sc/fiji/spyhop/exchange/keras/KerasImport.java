package sc.fiji.spyhop.exchange.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.ImportProblems;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings networks of Keras (1 to 3, {@code .h5} and {@code .keras}) over into our layers:
 * sequential and functional models, also within each other, channels last.
 */
public final class KerasImport {

  private static final int DEEPEST = 8;

  private final GraphBuilder builder = new GraphBuilder();
  private final ImportProblems problems = new ImportProblems();
  private final List<String> notes = new ArrayList<>();
  private final KerasLayers layers;
  private final Optional<List<Integer>> size;

  private KerasImport(KerasFile file, Optional<List<Integer>> size) {
    this.layers = new KerasLayers(builder, file.weights(), file.version());
    this.size = size;
  }

  /**
   * Reads and brings over a network.
   *
   * @param size height and width of the images it will be given, where the network leaves them open
   * @throws SpyhopException if the file is not sound, has weights only, or uses what no layer of
   *     ours does; all of that is named
   */
  public static Imported read(Path path, Optional<List<Integer>> size) {
    return read(path, size, Optional.empty());
  }

  /**
   * The same up to one output.
   *
   * @param kept name of the layer whose output alone is wanted; empty: all outputs
   * @throws SpyhopException also if there is no such output
   */
  public static Imported read(Path path, Optional<List<Integer>> size, Optional<String> kept) {
    return KerasFile.read(
        path,
        file -> {
          JsonNode model =
              file.architecture()
                  .orElseThrow(
                      () ->
                          new SpyhopException(
                              "has weights only. Say whose (--network): a preset such as vgg19,"
                                  + " layers, or a model of Spyhop."));
          return new KerasImport(file, size).run(model, kept);
        });
  }

  /**
   * Lays weights onto a network in order: its n-th layer with weights gets those of the file's
   * n-th.
   *
   * @throws SpyhopException naming the layer whose weights do not fit
   */
  public static Imported onto(Path path, Network network) {
    return KerasFile.read(path, file -> KerasWeights.onto(file, network));
  }

  private Imported run(JsonNode model, Optional<String> kept) {
    List<Value> outputs = model(model, List.of(), 0);
    problems.check("Keras");
    List<Reference> layers = references(model.path("config").path("output_layers"), 0);
    Map<String, Value> named = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      String name = i < layers.size() ? layers.get(i).layer() : "output";
      named.put(named.containsKey(name) ? name + " " + (i + 1) : name, outputs.get(i));
    }
    return builder.build(builder.ends(Value.kept(named, kept), notes), notes, named);
  }

  /**
   * Outputs of a model.
   *
   * @param inputs of a model within another; empty: it has its own
   */
  private List<Value> model(JsonNode model, List<Value> inputs, int depth) {
    if (depth > DEEPEST) throw new SpyhopException("has models too deep within each other.");
    String kind = model.path("class_name").asText();
    JsonNode config = model.path("config");
    return switch (kind) {
      case "Sequential" -> List.of(sequential(config, inputs, depth));
      case "Model", "Functional" -> functional(config, inputs, depth);
      default -> throw new SpyhopException("expected a model, received " + kind + ".");
    };
  }

  private Value sequential(JsonNode config, List<Value> inputs, int depth) {
    JsonNode list = config.isArray() ? config : config.path("layers");
    Optional<Value> value = inputs.isEmpty() ? Optional.empty() : Optional.of(inputs.get(0));
    for (JsonNode layer : list) {
      JsonNode shape = shapeOf(layer.path("config"));
      boolean isInput = layer.path("class_name").asText().equals("InputLayer");
      if (value.isEmpty()) {
        JsonNode told = shape.isMissingNode() ? config.path("build_input_shape") : shape;
        value =
            Optional.of(input(layer.path("config").path("name").asText("input"), told, isInput));
      }
      if (!isInput) value = Optional.of(apply(layer, List.of(value.get()), depth).get(0));
    }
    return value.orElseThrow(() -> new SpyhopException("has a model without layers."));
  }

  private static JsonNode shapeOf(JsonNode config) {
    for (String field : List.of("batch_input_shape", "batch_shape")) {
      if (config.path(field).isArray()) return config.path(field);
    }
    return config.path("batch_input_shape");
  }

  private Value input(String name, JsonNode shape, boolean isOwn) {
    List<Integer> sizes = new ArrayList<>();
    shape.forEach(s -> sizes.add(s.isNull() ? Shape.ANY : s.asInt()));
    if (sizes.size() == 2 && sizes.get(1) != Shape.ANY) {
      return new Value.Mapped(builder.input(isOwn ? name : "input", Shape.of(sizes.get(1))));
    }
    if (sizes.size() != 4 || sizes.get(3) == Shape.ANY) {
      throw new SpyhopException(
          Strings.format(
              "input %s: expected sample, row, column and channel, received the shape %s.",
              name, shape));
    }
    for (int i = 0; i < 2 && size.isPresent(); i++) {
      if (sizes.get(1 + i) == Shape.ANY) sizes.set(1 + i, size.get().get(i));
    }
    Feature feature =
        builder.input(isOwn ? name : "input", Shape.of(sizes.get(3), sizes.get(1), sizes.get(2)));
    return new Value.Mapped(feature.seenChannelsLast(true));
  }

  private List<Value> functional(JsonNode config, List<Value> inputs, int depth) {
    Map<String, List<Value>> values = new HashMap<>();
    List<String> inputNames = new ArrayList<>();
    references(config.path("input_layers"), 0).forEach(r -> inputNames.add(r.layer()));
    for (JsonNode layer : config.path("layers")) {
      String name = layer.path("name").asText(layer.path("config").path("name").asText());
      if (layer.path("class_name").asText().equals("InputLayer")) {
        int i = inputNames.indexOf(name);
        Value value =
            i >= 0 && i < inputs.size()
                ? inputs.get(i)
                : input(name, shapeOf(layer.path("config")), true);
        values.put(name + ":0", List.of(value));
        continue;
      }
      int call = 0;
      for (JsonNode node : layer.path("inbound_nodes")) {
        List<Value> fed = new ArrayList<>();
        for (Reference r : references(node, 0)) {
          List<Value> from = values.get(r.layer() + ":" + r.call());
          if (from == null || r.output() >= from.size()) {
            throw new SpyhopException(
                "layer " + name + ": no layer named " + r.layer() + " comes before it.");
          }
          fed.add(from.get(r.output()));
        }
        values.put(name + ":" + call++, apply(withNumber(layer, node.path("args")), fed, depth));
      }
    }
    List<Value> outputs = new ArrayList<>();
    for (Reference r : references(config.path("output_layers"), 0)) {
      List<Value> from = values.getOrDefault(r.layer() + ":" + r.call(), List.of());
      if (r.output() >= from.size()) {
        throw new SpyhopException("the output " + r.layer() + " is not one of its layers.");
      }
      outputs.add(from.get(r.output()));
    }
    return outputs;
  }

  /**
   * A call of an operation with a number, such as {@code x + 3}, as a setting of its layer: {@code
   * y}, or {@code x} if the number comes first.
   */
  private static JsonNode withNumber(JsonNode layer, JsonNode arguments) {
    if (arguments.size() != 2) return layer;
    for (int i = 0; i < 2; i++) {
      if (!arguments.get(i).isNumber() || !(layer.deepCopy() instanceof ObjectNode copy)) continue;
      copy.withObject("/config").set(i == 0 ? "x" : "y", arguments.get(i));
      return copy;
    }
    return layer;
  }

  /** Which output of which call of a layer. */
  private record Reference(String layer, int call, int output) {}

  /** All that are named in a piece of JSON: lists of a name and two numbers. */
  private static List<Reference> references(JsonNode node, int depth) {
    List<Reference> all = new ArrayList<>();
    if (depth > 2 * DEEPEST) return all;
    boolean one =
        node.isArray()
            && node.size() >= 3
            && node.get(0).isTextual()
            && node.get(1).isInt()
            && node.get(2).isInt();
    if (one) {
      all.add(new Reference(node.get(0).asText(), node.get(1).asInt(), node.get(2).asInt()));
    } else {
      for (JsonNode child : node) all.addAll(references(child, depth + 1));
    }
    return all;
  }

  private List<Value> apply(JsonNode layer, List<Value> inputs, int depth) {
    String type = layer.path("class_name").asText();
    JsonNode config = layer.path("config");
    String name = config.path("name").asText(layer.path("name").asText(type));
    boolean isModel = List.of("Sequential", "Model", "Functional").contains(type);
    if (inputs.stream().anyMatch(v -> v instanceof Value.Failed) && !isModel) {
      if (!layers.isKnown(type)) {
        problems.add("layer " + name, type, Unsupported.NO_COUNTERPART);
      }
      return List.of(new Value.Failed());
    }
    if (isModel) {
      return model(layer, inputs, depth + 1);
    }
    Optional<Value.Cut> cut =
        inputs.stream().filter(v -> v instanceof Value.Cut).map(v -> (Value.Cut) v).findFirst();
    try {
      if (cut.isPresent()) {
        if (!layers.hasWeights(name)) return List.of(cut.get().with(inputs));
        throw new Unsupported(cut.get().reason() + " at " + cut.get().at());
      }
      return List.of(layers.apply(type, name, config, inputs));
    } catch (Unsupported e) {
      problems.add("layer " + name, type, e.getMessage());
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      problems.add("layer " + name, type, "settings that make no sense");
    } catch (SpyhopException e) {
      problems.add("layer " + name, type, e.getMessage().replaceFirst("^layer [^:]*: ", ""));
    }
    return List.of(new Value.Failed());
  }
}
