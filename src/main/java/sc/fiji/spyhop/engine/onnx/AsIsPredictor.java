package sc.fiji.spyhop.engine.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.FileRunner.Values;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Predicts with a file of another program, image by image, since files often have a batch of one
 * written into them; and with the layers of ours behind it, as a network of its own.
 */
final class AsIsPredictor implements Predictor {

  private final Network network;
  private final Device device;
  private final Map<String, OnnxGraph> graphs = new LinkedHashMap<>();
  private final OnnxRunner runner;
  private final Optional<OnnxPredictor> behind;

  AsIsPredictor(Network network, Weights weights, OnnxContent file, Device device) {
    this.network = network;
    this.device = device;
    for (Layer layer : network.layers()) {
      if (layer instanceof OnnxGraph g) graphs.put(g.name(), g);
    }
    Optional<Network> rest = behind();
    behind = rest.map(r -> new OnnxPredictor(r, weights, Quantization.NONE, device));
    runner = new OnnxRunner(file, Optional.empty(), device);
  }

  /** What the file gives is what goes into the layers behind it. */
  private Optional<Network> behind() {
    List<Layer> layers =
        network.layers().stream().filter(l -> !graphs.containsKey(l.name())).toList();
    if (layers.isEmpty()) return Optional.empty();
    Set<String> read =
        layers.stream().flatMap(l -> l.inputs().stream()).collect(Collectors.toSet());
    List<Network.Input> inputs = new ArrayList<>();
    Shapes.of(network)
        .forEach(
            (name, shape) -> {
              boolean given = layers.stream().noneMatch(l -> l.name().equals(name));
              if (given && read.contains(name)) inputs.add(new Network.Input(name, shape));
            });
    List<String> outputs = network.outputs().stream().filter(o -> !graphs.containsKey(o)).toList();
    return Optional.of(
        new Network(
            inputs,
            layers,
            outputs.isEmpty() ? List.of(layers.get(layers.size() - 1).name()) : outputs));
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> asked) {
    asked.forEach(network::layer);
    if (asked.isEmpty()) return Map.of();
    Map<String, int[]> shapes = MapShapes.of(network, inputs);
    Map<String, Tensor> known = new LinkedHashMap<>(inputs);
    Set<String> others = new LinkedHashSet<>(asked);
    others.removeAll(graphs.keySet());
    Map<String, List<OnnxGraph>> byInput =
        graphs.values().stream()
            .filter(g -> !others.isEmpty() || asked.contains(g.name()))
            .collect(
                Collectors.groupingBy(OnnxGraph::input, LinkedHashMap::new, Collectors.toList()));
    byInput.forEach((input, layers) -> known.putAll(run(inputs.get(input), layers, shapes)));
    if (!others.isEmpty()) {
      OnnxPredictor rest = behind.orElseThrow();
      Map<String, Tensor> given = new LinkedHashMap<>();
      rest.network().inputs().forEach(i -> given.put(i.name(), known.get(i.name())));
      known.putAll(rest.activations(given, others));
    }
    Map<String, Tensor> found = new LinkedHashMap<>();
    asked.forEach(name -> found.put(name, known.get(name)));
    return found;
  }

  private Map<String, Tensor> run(
      Tensor images, List<OnnxGraph> layers, Map<String, int[]> shapes) {
    boolean last = layers.get(0).channelsLast();
    List<String> outputs = layers.stream().map(OnnxGraph::output).distinct().toList();
    Map<String, Tensor> all = new LinkedHashMap<>();
    layers.forEach(l -> all.put(l.name(), empty(shapes.get(l.name()))));
    for (int i = 0; i < images.size(0); i++) {
      Map<String, Values> one = runner.run(images.slice(i, i + 1), last, outputs);
      for (OnnxGraph layer : layers) {
        float[] to = all.get(layer.name()).data();
        float[] from = values(layer, one.get(layer.output()), shapes.get(layer.name()));
        System.arraycopy(from, 0, to, i * from.length, from.length);
      }
    }
    return all;
  }

  private static Tensor empty(int[] shape) {
    return new Tensor(
        new Axes("NC" + "DHW".substring(5 - shape.length)),
        shape,
        new float[Math.toIntExact(Tensor.length(shape))]);
  }

  /**
   * In our order of axes.
   *
   * @throws SpyhopException if there are not as many as the network says, or in another shape
   */
  private static float[] values(OnnxGraph layer, Values given, int[] shape) {
    boolean map = shape.length == 4;
    List<Integer> expected =
        !map
            ? List.of()
            : layer.channelsLast()
                ? List.of(1, shape[2], shape[3], shape[1])
                : List.of(1, shape[1], shape[2], shape[3]);
    boolean fits =
        map
            ? given.shape().equals(expected)
            : given.values().length == shape[1] && given.shape().get(0) == 1;
    if (!fits) {
      throw new SpyhopException(
          "layer "
              + layer.name()
              + ": expected "
              + (map ? "a shape of " + expected : shape[1] + " values")
              + " from the output "
              + layer.output()
              + " of the ONNX file, received the shape "
              + given.shape());
    }
    if (!map || !layer.channelsLast()) return given.values();
    int channels = shape[1];
    int places = shape[2] * shape[3];
    float[] first = new float[given.values().length];
    for (int i = 0; i < places; i++) {
      for (int c = 0; c < channels; c++) first[c * places + i] = given.values()[i * channels + c];
    }
    return first;
  }

  @Override
  public Tensor gradient(
      Map<String, Tensor> inputs,
      Collection<String> layers,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of,
      RectifierRule rule) {
    throw new UnsupportedOperationException("onnx: this engine gives no gradients");
  }

  @Override
  public void trim() {
    runner.trim();
    behind.ifPresent(OnnxPredictor::trim);
  }

  @Override
  public void close() {
    runner.close();
    behind.ifPresent(OnnxPredictor::close);
  }
}
