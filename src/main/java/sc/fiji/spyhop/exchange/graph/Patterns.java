package sc.fiji.spyhop.exchange.graph;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Multiply;

/** Activations that other programs write as several operations. What is left over is dropped. */
final class Patterns {

  private Patterns() {}

  /** {@code relu6(x + 3) / 6} is hard sigmoid, {@code x * relu6(x + 3) / 6} is hard swish. */
  static Optional<Feature> hardSwishes(
      GraphBuilder builder, String name, Feature in, float[] scale, float[] shift) {
    if (scale.length != 1 || Math.abs(scale[0] - 1 / 6.0) > 1e-6) return Optional.empty();
    if (shift.length != 1 || shift[0] != 0) return Optional.empty();
    Optional<Layer> before = builder.layerOf(in);
    if (before.isEmpty()) return Optional.empty();
    if (before.get() instanceof Multiply m && m.inputs().size() == 2) {
      for (int i = 0; i < 2; i++) {
        String x = m.inputs().get(i);
        Optional<String> other = risen(builder, builder.at(m.inputs().get(1 - i), in));
        if (other.isPresent() && other.get().equals(x)) {
          return Optional.of(builder.activation(name, builder.at(x, in), Function.HARD_SWISH));
        }
      }
    }
    return risen(builder, in)
        .map(x -> builder.activation(name, builder.at(x, in), Function.HARD_SIGMOID));
  }

  /** If a value is {@code relu6(x + 3)}: the layer that gives x. */
  private static Optional<String> risen(GraphBuilder builder, Feature feature) {
    Optional<Layer> relu6 = builder.layerOf(feature);
    if (relu6.isEmpty()
        || !(relu6.get() instanceof Activation a)
        || a.function() != Function.RELU6) {
      return Optional.empty();
    }
    Feature sum = builder.at(a.input(), feature);
    Optional<ScaleAndShift> affine = builder.affineOf(sum);
    if (affine.isEmpty() || !affine.get().isAll(1, 3)) return Optional.empty();
    return builder.layerOf(sum).map(l -> l.input());
  }

  /** {@code x * sigmoid(x)} is swish, {@code x * hard-sigmoid(x)} is hard swish. */
  static Optional<Feature> swishes(GraphBuilder builder, String name, List<Feature> parts) {
    if (parts.size() != 2) return Optional.empty();
    for (int i = 0; i < 2; i++) {
      Feature x = parts.get(i);
      Optional<Layer> gate = builder.layerOf(parts.get(1 - i));
      if (gate.isPresent() && gate.get() instanceof Activation a && a.input().equals(x.layer())) {
        if (a.function() == Function.SIGMOID) {
          return Optional.of(builder.activation(name, x, Function.SWISH));
        }
        if (a.function() == Function.HARD_SIGMOID) {
          return Optional.of(builder.activation(name, x, Function.HARD_SWISH));
        }
      }
    }
    return Optional.empty();
  }
}
