package sc.fiji.spyhop.exchange.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.keras.KerasFile.Weight;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/** Weights of Keras without an architecture, on a network of ours. */
final class KerasWeights {

  private KerasWeights() {}

  static Imported onto(KerasFile file, Network network) {
    Map<String, List<Weight>> weights = file.weights();
    List<String> theirs = file.layers();
    List<Layer> ours = network.layers().stream().filter(l -> !l.parameters().isEmpty()).toList();
    if (theirs.size() != ours.size()) {
      throw new SpyhopException(
          Strings.format(
              "expected weights of %d layers, as the network has, received those of %d.",
              ours.size(), theirs.size()));
    }
    Map<Layer, String> matched = new LinkedHashMap<>();
    if (file.isThird()) matched.putAll(ThirdWeights.matched(theirs, ours));
    else for (int i = 0; i < ours.size(); i++) matched.put(ours.get(i), theirs.get(i));
    Map<String, Shape> shapes = Shapes.of(network);
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Map.Entry<Layer, String> pair : matched.entrySet()) {
      Layer layer = pair.getKey();
      String name = pair.getValue();
      try {
        add(network, layer, weights.get(name), shapes, all);
      } catch (Unsupported | IndexOutOfBoundsException e) {
        throw new SpyhopException(
            Strings.format(
                "layer %s: its weights do not fit %s (%s).", name, layer.name(), e.getMessage()),
            e);
      }
    }
    return new Imported(
        network, new Weights(all), List.of("Weights were matched with the layers by their order."));
  }

  private static void add(
      Network network,
      Layer layer,
      List<Weight> weights,
      Map<String, Shape> shapes,
      Map<String, Tensor> all) {
    List<Tensor> tensors = new ArrayList<>();
    if (layer instanceof Convolution l) {
      boolean depthwise = l.groups() == l.channels() && l.groups() > 1;
      Weight kernel = weights.get(0);
      tensors.add(depthwise ? Kernels.depthwise(kernel) : Kernels.convolution(kernel));
    } else if (layer instanceof TransposedConvolution) {
      tensors.add(Kernels.transposedConvolution(weights.get(0)));
    } else if (layer instanceof Dense l) {
      Tensor matrix = Kernels.dense(weights.get(0));
      if (network.layers().stream().anyMatch(f -> f.name().equals(l.input()))
          && network.layer(l.input()) instanceof Flatten f) {
        matrix = GraphBuilder.channelsFirst(matrix, shapes.get(f.input()));
      }
      tensors.add(matrix);
    } else {
      tensors.add(vector(weights.get(0)));
    }
    for (Weight w : weights.subList(1, weights.size())) tensors.add(vector(w));
    var parameters = layer.parameters();
    if (parameters.size() != tensors.size()) {
      throw new Unsupported(
          Strings.format("%d tensors instead of %d", tensors.size(), parameters.size()));
    }
    for (int i = 0; i < tensors.size(); i++) {
      List<Integer> shape = Arrays.stream(tensors.get(i).shape()).boxed().toList();
      if (!shape.equals(parameters.get(i).shape())) {
        throw new Unsupported("shape " + shape + " instead of " + parameters.get(i).shape());
      }
      all.put(parameters.get(i).name(), tensors.get(i));
    }
  }

  private static Tensor vector(Weight w) {
    float[] values = KerasFile.values(w);
    return new Tensor(Axes.C, new int[] {values.length}, values);
  }
}
