package sc.fiji.spyhop.exchange.dl4j;

import java.io.IOException;
import java.nio.file.Path;
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
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.dl4j.Dl4jGraph.Vertex;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.ImportProblems;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings networks of Deeplearning4j over into our layers: what ModelSerializer wrote of a
 * MultiLayerNetwork or ComputationGraph, channels first. The names of classes in the description
 * are compared with those on a list, and none is loaded.
 */
public final class Dl4jImport {

  private final GraphBuilder builder = new GraphBuilder();
  private final ImportProblems problems = new ImportProblems();
  private final Dl4jGraph graph;
  private final Dl4jLayers layers;
  private final Optional<List<Integer>> size;

  private Dl4jImport(
      Dl4jGraph graph, Coefficients.Reader coefficients, Optional<List<Integer>> size) {
    this.graph = graph;
    this.layers = new Dl4jLayers(builder, graph, coefficients);
    this.size = size;
  }

  /** Whether a file is a zip file with a network of Deeplearning4j. */
  public static boolean takes(Path file) {
    return Dl4jZip.isAt(file);
  }

  /**
   * Reads and brings over a network.
   *
   * @param size height and width of the images it will be given, where the network leaves them open
   * @throws SpyhopException if the file is not sound or uses what no layer of ours does; all of
   *     that is named
   */
  public static Imported read(Path file, Optional<List<Integer>> size) {
    return read(file, size, Optional.empty());
  }

  /**
   * The same up to one output.
   *
   * @param kept name of the only output that is wanted; empty: all of them
   * @throws SpyhopException also if there is no such output
   */
  public static Imported read(Path file, Optional<List<Integer>> size, Optional<String> kept) {
    return Dl4jZip.read(
        file,
        (configuration, coefficients) -> {
          Dl4jGraph graph = Dl4jGraph.of(configuration);
          Imported imported = new Dl4jImport(graph, coefficients, size).run(kept);
          coefficients.requireEnd();
          return imported;
        });
  }

  private Imported run(Optional<String> kept) throws IOException {
    for (Vertex v : graph.vertices().values()) {
      if (Dl4jLayers.KNOWN.contains(v.type())) continue;
      problem(v, Unsupported.NO_COUNTERPART);
    }
    problems.check("Deeplearning4j");
    Map<String, Value> values = new HashMap<>();
    for (String input : graph.inputs()) {
      values.put(input, new Value.Mapped(builder.input(input, shape(input))));
    }
    for (Vertex v : graph.vertices().values()) values.put(v.name(), value(v, values));
    problems.check("Deeplearning4j");
    Map<String, Value> outputs = new LinkedHashMap<>();
    for (String output : graph.outputs()) {
      if (!values.containsKey(output)) throw new SpyhopException("has no vertex " + named(output));
      outputs.put(output, values.get(output));
    }
    List<String> notes = new ArrayList<>();
    return builder.build(builder.ends(Value.kept(outputs, kept), notes), notes, Map.of());
  }

  private static String named(String name) {
    return Strings.visible(name) + ", which is named as one.";
  }

  private void problem(Vertex v, String what) {
    problems.add("layer " + Strings.visible(v.name()), Strings.visible(v.type()), what);
  }

  private Value value(Vertex v, Map<String, Value> values) throws IOException {
    List<Feature> in = new ArrayList<>();
    for (String input : v.inputs()) {
      Value value = values.get(input);
      if (value == null) throw new SpyhopException("has nothing before " + named(input));
      if (!(value instanceof Value.Mapped m)) return value;
      in.add(m.feature());
    }
    try {
      return new Value.Mapped(layers.apply(v, in));
    } catch (Unsupported e) {
      problem(v, e.getMessage());
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      problem(v, "settings that make no sense");
    } catch (SpyhopException e) {
      problem(v, e.getMessage().replaceFirst("^layer [^:]*: ", ""));
    }
    return new Value.Failed();
  }

  /** What the layers behind an input tell of it: the description does not. */
  private Shape shape(String input) {
    boolean isMap = false;
    Set<String> seen = new HashSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(input));
    while (!next.isEmpty()) {
      for (Vertex v : graph.readers(next.remove())) {
        if (!seen.add(v.name())) continue;
        next.add(v.name());
        boolean own = v.type().equals("graph.PreprocessorVertex");
        var process = own ? v.config().path("preProcessor") : v.preProcessor();
        Settings map = new Settings(process);
        int channels = map.count("numChannels");
        switch (Dl4jGraph.type(process)) {
          case "preprocessor.FeedForwardToCnnPreProcessor" -> {
            return Shape.of(channels, map.count("inputHeight"), map.count("inputWidth"));
          }
          case "preprocessor.CnnToFeedForwardPreProcessor" -> {
            return open(channels);
          }
          default -> isMap |= isOfMaps(v.type());
        }
        int received = v.config().path("nin").asInt(0);
        if (received < 1) continue;
        if (isMap) return open(received);
        if (!v.type().equals("layers.BatchNormalization")) return Shape.of(received);
        isMap = graph.vertices().values().stream().anyMatch(w -> isOfMaps(w.type()));
        return isMap ? open(received) : Shape.of(received);
      }
    }
    throw new SpyhopException(
        "input " + Strings.visible(input) + ": no layer behind it says how many channels it has.");
  }

  private Shape open(int channels) {
    return size.map(s -> Shape.of(channels, s.get(0), s.get(1)))
        .orElse(Shape.of(channels, Shape.ANY, Shape.ANY));
  }

  private static boolean isOfMaps(String type) {
    return type.matches(
        "layers\\.(.*[Cc]onvolution.*|SubsamplingLayer|Pooling2D|Upsampling2D|ZeroPaddingLayer|CnnLossLayer|LocalResponseNormalization)");
  }
}
