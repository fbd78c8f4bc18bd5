package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.exchange.Extended;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * What a description says that is done with values before and behind a network, and what becomes
 * layers instead. Constants of single channels become layers: JDLL, and so deepImageJ, takes the
 * first gain of a {@code scale_linear} for all channels, and ends on {@code
 * fixed_zero_mean_unit_variance}; the order blue, green, red becomes one as the format has no word
 * for it.
 */
final class Portable {

  private static final List<String> SPACE = List.of("y", "x");

  private Portable() {}

  /** At each place, or of a vector: {@code matrix * values + offset}. */
  private record Mix(float[][] matrix, float[] offset) {

    boolean isOf(Optional<Tensor> weight, Optional<Tensor> bias) {
      int n = offset.length;
      float[] flat = new float[n * n];
      for (int i = 0; i < flat.length; i++) flat[i] = matrix[i / n][i % n];
      return weight.isPresent()
          && bias.isPresent()
          && Arrays.equals(weight.get().data(), flat)
          && Arrays.equals(bias.get().data(), offset);
    }
  }

  /** Steps before the network; empty if the format has no words for the normalisation. */
  static Optional<List<Map<String, Object>>> preprocessing(ModelSpec.Input input) {
    Map<String, Object> type = step("ensure_dtype", fields("dtype", "float32"));
    if (front(input).isPresent() && input.normalization() instanceof Normalization.Fixed) {
      return Optional.of(List.of(type));
    }
    return step(input.normalization(), fields("axes", SPACE)).map(step -> List.of(type, step));
  }

  /**
   * @param kwargs of what is measured: over which axes
   */
  private static Optional<Map<String, Object>> step(
      Normalization normalization, Map<String, Object> kwargs) {
    if (normalization instanceof Normalization.WithEpsilon e) {
      List<String> all = List.of("channel", "y", "x");
      Map<String, Object> more = fields("axes", e.together() ? all : SPACE);
      more.put("eps", e.epsilon());
      return step(e.of(), more);
    } else if (normalization instanceof Normalization.Percentile p && p.high() > 1) {
      kwargs.put("min_percentile", p.low());
      kwargs.put("max_percentile", p.high());
      return Optional.of(step("scale_range", kwargs));
    } else if (normalization instanceof Normalization.MinMax) {
      return Optional.of(step("scale_range", kwargs));
    } else if (normalization instanceof Normalization.ZScore) {
      return Optional.of(step("zero_mean_unit_variance", kwargs));
    } else if (normalization instanceof Normalization.Fixed f) {
      double gain = f.scale().get(0);
      return Optional.of(
          step("scale_linear", fields("gain", gain, "offset", 0 - f.offset().get(0) * gain)));
    }
    return Optional.empty();
  }

  /** Steps behind the only output. */
  static List<Map<String, Object>> postprocessing(ModelSpec spec) {
    if (!(spec.task() instanceof Regression r) || isStandard(r) || behind(spec).isPresent()) {
      return List.of();
    }
    Map<String, Object> kwargs = fields("gain", r.deviations().get(0), "offset", r.means().get(0));
    return List.of(step("scale_linear", kwargs));
  }

  private static boolean isStandard(Regression task) {
    return task.deviations().stream().allMatch(d -> d == 1)
        && task.means().stream().allMatch(m -> m == 0);
  }

  /** An output as it is behind the steps, of the network's own. */
  static Tensor said(ModelSpec spec, Tensor output) {
    if (!(spec.task() instanceof Regression r)) return output;
    float[] values = output.data().clone();
    int n = r.names().size();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * r.deviations().get(i % n) + r.means().get(i % n));
    }
    return new Tensor(output.axes(), output.shape(), values);
  }

  /** What comes in front of the network as a layer. */
  private static Optional<Mix> front(ModelSpec.Input input) {
    int n = input.channels();
    boolean reversed = input.colors() == Colors.BGR;
    Optional<Normalization.Fixed> fixed =
        input.normalization() instanceof Normalization.Fixed f ? Optional.of(f) : Optional.empty();
    boolean each = fixed.isPresent() && fixed.get().offset().size() > 1;
    if (!reversed && !each) return Optional.empty();
    List<Double> gains = fixed.map(f -> spread(f.scale(), n)).orElse(Collections.nCopies(n, 1.0));
    List<Double> offsets =
        fixed.map(f -> spread(f.offset(), n)).orElse(Collections.nCopies(n, 0.0));
    float[][] matrix = new float[n][n];
    float[] offset = new float[n];
    for (int c = 0; c < n; c++) {
      matrix[c][reversed ? n - 1 - c : c] = gains.get(c).floatValue();
      offset[c] = (float) (0 - offsets.get(c) * gains.get(c));
    }
    return Optional.of(new Mix(matrix, offset));
  }

  private static List<Double> spread(List<Double> values, int n) {
    return values.size() == 1 ? Collections.nCopies(n, values.get(0)) : values;
  }

  /** What comes behind the network as a layer: several values have units of their own. */
  private static Optional<Mix> behind(ModelSpec spec) {
    if (!(spec.task() instanceof Regression r) || r.names().size() == 1 || isStandard(r)) {
      return Optional.empty();
    }
    int n = r.names().size();
    float[][] matrix = new float[n][n];
    float[] offset = new float[n];
    for (int c = 0; c < n; c++) {
      matrix[c][c] = r.deviations().get(c).floatValue();
      offset[c] = r.means().get(c).floatValue();
    }
    return Optional.of(new Mix(matrix, offset));
  }

  /** The network with what becomes layers. */
  static Imported with(ModelSpec spec, Network network, Weights weights) {
    Imported plain = new Imported(network, weights, List.of());
    Optional<Mix> front = front(spec.input());
    Optional<Mix> behind = behind(spec);
    if (front.isEmpty() && behind.isEmpty()) return plain;
    Extended extended = new Extended(plain);
    front.ifPresent(m -> extended.mixInFront(m.matrix, m.offset));
    if (behind.isPresent()) {
      Mix m = behind.get();
      double[] gains = new double[m.offset.length];
      double[] offsets = new double[m.offset.length];
      for (int c = 0; c < gains.length; c++) {
        gains[c] = m.matrix[c][c];
        offsets[c] = m.offset[c];
      }
      extended.scale(gains, offsets);
    }
    return extended.imported(List.of(), network.outputs().subList(1, network.outputs().size()));
  }

  /**
   * The network of a model without what became layers.
   *
   * @param spec of the model that was written
   * @return empty if these layers are not there, or others
   */
  static Optional<Imported> without(ModelSpec spec, Imported written) {
    Network network = written.network();
    List<Layer> layers = new ArrayList<>(network.layers());
    List<String> outputs = new ArrayList<>(network.outputs());
    Map<String, Tensor> weights = new LinkedHashMap<>(written.weights().tensors());
    Optional<Mix> front = front(spec.input());
    if (front.isPresent()) {
      String image = network.inputs().get(0).name();
      List<Layer> readers = layers.stream().filter(l -> l.inputs().contains(image)).toList();
      if (readers.size() != 1
          || !(readers.get(0) instanceof Convolution c)
          || c.groups() != 1
          || !front.get().isOf(weight(written, c, ".weight"), weight(written, c, ".bias"))) {
        return Optional.empty();
      }
      remove(c, layers, weights);
      layers.replaceAll(l -> fedBy(l, c.name(), image));
    }
    Optional<Mix> behind = behind(spec);
    if (behind.isPresent()) {
      if (!(network.layer(outputs.get(0)) instanceof Dense d)
          || !behind.get().isOf(weight(written, d, ".weight"), weight(written, d, ".bias"))) {
        return Optional.empty();
      }
      remove(d, layers, weights);
      outputs.set(0, d.input());
    }
    Network rest = new Network(network.inputs(), layers, outputs);
    return Optional.of(new Imported(rest, new Weights(weights), written.notes()));
  }

  private static void remove(Layer layer, List<Layer> layers, Map<String, Tensor> weights) {
    layers.remove(layer);
    weights.keySet().removeIf(name -> name.startsWith(layer.name() + "."));
  }

  private static Layer fedBy(Layer layer, String before, String now) {
    if (!layer.inputs().contains(before)) return layer;
    return layer.renamed(
        layer.name(), layer.inputs().stream().map(i -> i.equals(before) ? now : i).toList());
  }

  private static Optional<Tensor> weight(Imported network, Layer layer, String kind) {
    return Optional.ofNullable(network.weights().tensors().get(layer.name() + kind));
  }

  private static Map<String, Object> step(String id, Map<String, Object> kwargs) {
    return fields("id", id, "kwargs", kwargs);
  }

  /** A map that keeps its order. */
  static Map<String, Object> fields(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
