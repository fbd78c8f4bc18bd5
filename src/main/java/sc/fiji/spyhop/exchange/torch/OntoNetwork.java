package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.WeightsOnly;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Weights of PyTorch on the network that an ONNX file of the same network tells. Exporting to ONNX
 * multiplies batch norm into the convolution before it, and writes normalizations without weights
 * as such with weights of one: both are done here, too.
 */
public final class OntoNetwork {

  /** PyTorch's. */
  private static final double EPSILON = 1e-5;

  private static final String MEAN = ".running_mean";

  private OntoNetwork() {}

  /**
   * Lays weights onto a network, by name or in order.
   *
   * @param onnx the network, with weights of its own
   * @throws SpyhopException naming what does not fit
   */
  public static Imported of(Imported onnx, Weights theirs) {
    Network network = onnx.network();
    try {
      return WeightsOnly.onto(network, theirs, Map.of());
    } catch (SpyhopException e) {
      boolean normalizes = network.layers().stream().anyMatch(BatchNorm.class::isInstance);
      Map<String, Map<String, Tensor>> layers =
          normalizes ? layers(theirs) : folded(layers(theirs));
      return byName(onnx, layers)
          .orElseGet(() -> inOrder(onnx, new ArrayList<>(layers.values()), e));
    }
  }

  /** By the names of layers, in their order. */
  private static Map<String, Map<String, Tensor>> layers(Weights theirs) {
    Map<String, Map<String, Tensor>> layers = new LinkedHashMap<>();
    theirs
        .tensors()
        .forEach(
            (name, tensor) -> {
              int dot = name.lastIndexOf('.');
              if (name.endsWith("num_batches_tracked")) return;
              layers
                  .computeIfAbsent(name.substring(0, Math.max(0, dot)), n -> new LinkedHashMap<>())
                  .put(name.substring(dot), tensor);
            });
    return layers;
  }

  /** With each batch norm in the convolution that comes before it. */
  private static Map<String, Map<String, Tensor>> folded(Map<String, Map<String, Tensor>> layers) {
    Map<String, Map<String, Tensor>> folded = new LinkedHashMap<>();
    Optional<String> before = Optional.empty();
    for (Map.Entry<String, Map<String, Tensor>> layer : layers.entrySet()) {
      if (!layer.getValue().containsKey(MEAN)) {
        folded.put(layer.getKey(), layer.getValue());
        before = Optional.of(layer.getKey());
        continue;
      }
      String convolution =
          before
              .filter(b -> fits(folded.get(b), layer.getValue()))
              .orElseThrow(
                  () ->
                      new SpyhopException(
                          Strings.format(
                              "weights: the batch norm %s does not follow a convolution of as many filters.",
                              Strings.visible(layer.getKey()))));
      folded.put(convolution, folded(folded.get(convolution), layer.getValue()));
      before = Optional.empty();
    }
    return folded;
  }

  private static boolean fits(Map<String, Tensor> convolution, Map<String, Tensor> norm) {
    Tensor kernel = convolution.get(".weight");
    return kernel != null
        && kernel.rank() == 4
        && norm.get(MEAN).length() == kernel.size(0)
        && norm.values().stream().allMatch(t -> t.length() == kernel.size(0))
        && norm.keySet().containsAll(List.of(".weight", ".bias", ".running_var"));
  }

  private static Map<String, Tensor> folded(
      Map<String, Tensor> convolution, Map<String, Tensor> norm) {
    Tensor kernel = convolution.get(".weight");
    int filters = kernel.size(0);
    float[] weights = kernel.data().clone();
    float[] bias =
        convolution.containsKey(".bias")
            ? convolution.get(".bias").data().clone()
            : new float[filters];
    int each = weights.length / filters;
    for (int f = 0; f < filters; f++) {
      double gain =
          norm.get(".weight").data()[f] / Math.sqrt(norm.get(".running_var").data()[f] + EPSILON);
      for (int i = f * each; i < (f + 1) * each; i++) weights[i] = (float) (weights[i] * gain);
      bias[f] = (float) ((bias[f] - norm.get(MEAN).data()[f]) * gain + norm.get(".bias").data()[f]);
    }
    Map<String, Tensor> folded = new LinkedHashMap<>();
    folded.put(".weight", new Tensor(kernel.axes(), kernel.shape(), weights));
    folded.put(".bias", new Tensor(norm.get(".bias").axes(), new int[] {filters}, bias));
    return folded;
  }

  /** Where layers have the names that they have there; nothing if one has not. */
  private static Optional<Imported> byName(Imported onnx, Map<String, Map<String, Tensor>> theirs) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    Set<String> left = new HashSet<>(theirs.keySet());
    for (Map.Entry<String, List<Parameter>> layer : ours(onnx).entrySet()) {
      boolean given = left.remove(layer.getKey());
      boolean fits = !given || fit(layer.getValue(), theirs.get(layer.getKey()));
      if (!fits || (!given && !isPlain(onnx, layer.getKey()))) return Optional.empty();
      take(layer.getValue(), given ? theirs.get(layer.getKey()) : Map.of(), onnx, all);
    }
    return left.isEmpty() ? Optional.of(imported(onnx, all, List.of())) : Optional.empty();
  }

  private static Imported inOrder(
      Imported onnx, List<Map<String, Tensor>> theirs, SpyhopException first) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    int next = 0;
    for (Map.Entry<String, List<Parameter>> layer : ours(onnx).entrySet()) {
      boolean given = next < theirs.size() && fit(layer.getValue(), theirs.get(next));
      if (!given && !isPlain(onnx, layer.getKey())) throw first;
      take(layer.getValue(), given ? theirs.get(next) : Map.of(), onnx, all);
      if (given) next++;
    }
    if (next < theirs.size()) throw first;
    return imported(
        onnx,
        all,
        List.of("Weights were matched with the layers of the ONNX file by their order."));
  }

  private static Map<String, List<Parameter>> ours(Imported onnx) {
    Map<String, List<Parameter>> ours = new LinkedHashMap<>();
    Parameters.of(onnx.network())
        .forEach(p -> ours.computeIfAbsent(p.layer(), l -> new ArrayList<>()).add(p));
    return ours;
  }

  /** Adds what is given of a layer, else what the ONNX file has. */
  private static void take(
      List<Parameter> layer, Map<String, Tensor> given, Imported onnx, Map<String, Tensor> all) {
    for (Parameter p : layer) {
      Tensor own = onnx.weights().get(p.name());
      all.put(p.name(), given.getOrDefault(p.name().substring(p.layer().length()), own));
    }
  }

  private static Imported imported(Imported onnx, Map<String, Tensor> all, List<String> notes) {
    return new Imported(onnx.network(), new Weights(all).fittedTo(onnx.network()), notes);
  }

  private static boolean fit(List<Parameter> ours, Map<String, Tensor> theirs) {
    return ours.size() == theirs.size()
        && ours.stream()
            .allMatch(
                p -> {
                  Tensor t = theirs.get(p.name().substring(p.layer().length()));
                  return t != null && Arrays.stream(t.shape()).boxed().toList().equals(p.shape());
                });
  }

  /** Whether a layer normalizes without weights that were learnt. */
  private static boolean isPlain(Imported onnx, String name) {
    Layer layer = onnx.network().layer(name);
    if (!(layer instanceof GroupNorm)) return false;
    return all(onnx.weights().get(name + ".weight"), 1)
        && all(onnx.weights().get(name + ".bias"), 0);
  }

  private static boolean all(Tensor tensor, float value) {
    for (float v : tensor.data()) if (v != value) return false;
    return true;
  }
}
