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
import sc.fiji.spyhop.task.Restoration;
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

  /** At each place: {@code matrix * values + offset}. */
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

  /** Of each channel: {@code gain * value + offset}. */
  private record Scaling(double[] gain, double[] offset) {

    boolean isNothing() {
      return Arrays.stream(gain).allMatch(g -> g == 1)
          && Arrays.stream(offset).allMatch(o -> o == 0);
    }

    boolean isOne() {
      return Arrays.stream(gain).distinct().count() == 1
          && Arrays.stream(offset).distinct().count() == 1;
    }

    /** Whether a layer does this and nothing else. */
    boolean isDoneBy(Layer layer, Imported network) {
      Optional<Tensor> weight = weight(network, layer, ".weight");
      Optional<Tensor> bias = weight(network, layer, ".bias");
      int n = gain.length;
      if (weight.isEmpty() || bias.isEmpty() || bias.get().length() != n) return false;
      boolean dense = layer instanceof Dense && weight.get().length() == n * n;
      boolean pointwise =
          layer instanceof Convolution c && c.groups() == n && weight.get().length() == n;
      for (int c = 0; c < n; c++) {
        if (bias.get().data()[c] != (float) offset[c]) return false;
        if (pointwise && weight.get().data()[c] != (float) gain[c]) return false;
        for (int k = 0; dense && k < n; k++) {
          if (weight.get().data()[c * n + k] != (c == k ? (float) gain[c] : 0)) return false;
        }
      }
      return dense || pointwise;
    }
  }

  /** From what the network gives to units; empty if it gives them, or they hang on the image. */
  private static Optional<Scaling> units(ModelSpec spec) {
    Optional<Scaling> scaling =
        spec.task() instanceof Regression r
            ? Optional.of(new Scaling(numbers(r.deviations()), numbers(r.means())))
            : spec.task() instanceof Restoration t ? unitsOf(t, spec.input()) : Optional.empty();
    return scaling.filter(s -> !s.isNothing());
  }

  private static Optional<Scaling> unitsOf(Restoration task, ModelSpec.Input input) {
    Restoration.Units units = task.units();
    if (units.ofImage()) {
      if (!(input.normalization() instanceof Normalization.Fixed fixed)) return Optional.empty();
      int n = task.channels().size();
      if (fixed.offset().size() > 1 && fixed.offset().size() != n) return Optional.empty();
      units = new Restoration.Units(spread(fixed.offset(), n), spread(fixed.scale(), n));
    }
    double[] gain = numbers(units.scale());
    for (int c = 0; c < gain.length; c++) gain[c] = 1 / gain[c];
    return Optional.of(new Scaling(gain, numbers(units.offset())));
  }

  /** Whether values are told in units that only the image itself tells, which is not described. */
  static boolean isOfImage(ModelSpec spec) {
    return spec.task() instanceof Restoration t && unitsOf(t, spec.input()).isEmpty();
  }

  private static double[] numbers(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Steps behind the only output. */
  static List<Map<String, Object>> postprocessing(ModelSpec spec) {
    return units(spec)
        .filter(Scaling::isOne)
        .map(s -> step("scale_linear", fields("gain", s.gain[0], "offset", s.offset[0])))
        .map(List::of)
        .orElse(List.of());
  }

  /** An output as it is behind the steps, of the network's own, [N, channels, ...]. */
  static Tensor said(ModelSpec spec, Tensor output) {
    Optional<Scaling> units = units(spec);
    if (units.isEmpty()) return output;
    float[] values = output.data().clone();
    int channels = output.size(1);
    int plane = values.length / output.size(0) / channels;
    for (int i = 0; i < values.length; i++) {
      int c = i / plane % channels;
      values[i] = (float) (values[i] * units.get().gain[c] + units.get().offset[c]);
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

  /** What comes behind the network as a layer: channels that have units of their own. */
  private static Optional<Scaling> behind(ModelSpec spec) {
    return units(spec).filter(s -> !s.isOne());
  }

  /** The network with what becomes layers. */
  static Imported with(ModelSpec spec, Network network, Weights weights) {
    Imported plain = new Imported(network, weights, List.of());
    Optional<Mix> front = front(spec.input());
    Optional<Scaling> behind = behind(spec);
    if (front.isEmpty() && behind.isEmpty()) return plain;
    Extended extended = new Extended(plain);
    front.ifPresent(m -> extended.mixInFront(m.matrix, m.offset));
    behind.ifPresent(s -> extended.scale(s.gain, s.offset));
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
    Optional<Scaling> behind = behind(spec);
    if (behind.isPresent()) {
      Layer last = network.layer(outputs.get(0));
      if (!behind.get().isDoneBy(last, written)) return Optional.empty();
      remove(last, layers, weights);
      outputs.set(0, last.input());
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
