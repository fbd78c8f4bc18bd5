package sc.fiji.spyhop.exchange.onnx;

import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.DEVIATION;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.DIVISOR;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.FACTOR;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.MEAN;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.OFFSET;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.SCALED;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.SCALED_MEAN;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.SHIFTED_VARIANCE;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.SQUARED_DEVIATION;
import static sc.fiji.spyhop.exchange.onnx.Moment.Kind.VARIANCE;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.Moment.Over;
import sc.fiji.spyhop.network.Shape;

/**
 * Normalization that exporters write down as several operators.
 *
 * <ul>
 *   <li>Group normalization by PyTorch: {@code Reshape} to [N, groups, -1], {@code
 *       InstanceNormalization}, {@code Reshape} back.
 *   <li>By its definition, over channels, places or both: {@code ReduceMean}, {@code Sub}, {@code
 *       Pow} or {@code Mul}, {@code ReduceMean}, {@code Add}, {@code Sqrt}, {@code Div}.
 *   <li>As TensorFlow's {@code tf.nn.batch_normalization} ends: {@code x * factor + (bias - mean *
 *       factor)}, where the factor is the weight by the deviation.
 * </ul>
 *
 * <p>Each operator makes a further part ({@link Grouped}, {@link Moment}) of a part; the last one
 * makes the layer. A multiplication and addition that follow are folded into it like those behind a
 * convolution.
 */
final class DecomposedNormalization {

  /** What messages say of parts that lead elsewhere. */
  static final String NOT_COMPLETED = "statistics of a map, of which no normalization is made";

  private DecomposedNormalization() {}

  /** What a node makes, if it makes or reads part of a normalization. */
  static Optional<Value> of(NodeCall n) {
    Optional<Value> made = made(n);
    if (made.isEmpty() && IntStream.range(0, n.inputs()).anyMatch(i -> isPart(n, i))) {
      throw new Unsupported(NOT_COMPLETED);
    }
    return made;
  }

  /** Whether nothing but a normalization can come of an input. */
  private static boolean isPart(NodeCall n, int i) {
    return n.grouped(i).isPresent() || n.moment(i).filter(m -> m.plain().isEmpty()).isPresent();
  }

  private static Optional<Value> made(NodeCall n) {
    return switch (n.node.getOpType()) {
      case "Reshape" -> n.grouped(0).isPresent() ? regrouped(n) : grouped(n);
      case "InstanceNormalization" -> n.grouped(0).map(g -> normalizedGroups(n, g));
      case "ReduceMean" -> n.moment(0).isPresent() ? variance(n) : mean(n);
      case "Sub" -> difference(n);
      case "Pow" -> power(n);
      case "Add" -> sum(n);
      case "Sqrt" -> n.moment(0).filter(m -> m.is(SHIFTED_VARIANCE)).map(m -> m.then(DIVISOR));
      case "Reciprocal" -> n.moment(0).filter(m -> m.is(DIVISOR)).map(m -> m.then(FACTOR));
      case "Div" -> quotient(n);
      case "Mul" -> product(n);
      default -> Optional.empty();
    };
  }

  // -- In groups --

  /** A reshaping is one into groups if all that reads it normalizes these. */
  private static Optional<Value> grouped(NodeCall n) {
    if (!n.readBy.equals(Set.of("InstanceNormalization")) || n.mapped(0).isEmpty()) {
      return Optional.empty();
    }
    Feature map = n.feature(0);
    List<Integer> to = n.has(1) ? n.constant(1).ints() : n.settings.ints("shape", List.of());
    if (!map.isMap() || map.channelsLast() || to.size() != 3) return Optional.empty();
    int channels = map.shape().channels();
    int groups = to.get(1) == 0 ? channels : to.get(1);
    boolean ofOneSample = to.get(0) >= -1 && to.get(0) <= 1 && to.get(2) != 0;
    return ofOneSample && groups > 0 && channels % groups == 0
        ? Optional.of(new Grouped(map, groups, Optional.empty()))
        : Optional.empty();
  }

  private static Value normalizedGroups(NodeCall n, Grouped grouped) {
    return grouped.normalized(
        new Grouped.Normalization(
            n.name(),
            n.constant(1).floats(),
            n.constant(2).floats(),
            n.settings.real("epsilon", 1e-5)));
  }

  /** Back to the shape of the map. */
  private static Optional<Value> regrouped(NodeCall n) {
    Grouped grouped = n.grouped(0).orElseThrow();
    Feature map = grouped.map();
    List<Integer> to = n.has(1) ? n.constant(1).ints() : n.settings.ints("shape", List.of());
    boolean same = to.size() == map.dimensions().size() && to.get(1) == map.shape().channels();
    for (int i = 2; same && i < to.size(); i++) {
      int size = map.dimensions().get(i);
      same = to.get(i) == size || to.get(i) == -1 || size == Shape.ANY;
    }
    if (!same || grouped.normalization().isEmpty()) return Optional.empty();
    Grouped.Normalization how = grouped.normalization().get();
    int size = map.shape().channels() / grouped.groups();
    return Optional.of(
        n.mapped(
            n.builder.groupNorm(
                how.name(),
                map,
                grouped.groups(),
                NormalizationOperators.repeated(how.scale(), size),
                NormalizationOperators.repeated(how.shift(), size),
                how.epsilon())));
  }

  // -- By definition --

  private static Optional<Over> over(NodeCall n, Feature in) {
    int rank = in.dimensions().size();
    List<Integer> axes =
        n.has(1) ? n.constant(1).ints() : n.settings.ints("axes").orElse(List.of());
    List<Integer> sorted = axes.stream().map(a -> a < 0 ? a + rank : a).sorted().toList();
    List<Integer> all = IntStream.range(1, rank).boxed().toList();
    if (n.settings.number("keepdims", 1) != 1) return Optional.empty();
    if (sorted.equals(List.of(in.channelAxis()))) return Optional.of(Over.CHANNELS);
    if (!in.isMap()) return Optional.empty();
    if (sorted.equals(all)) return Optional.of(Over.ALL);
    List<Integer> space = all.stream().filter(a -> a != in.channelAxis()).toList();
    return sorted.equals(space) ? Optional.of(Over.SPACE) : Optional.empty();
  }

  /** The mean over places is a layer of its own, global pooling. */
  private static Optional<Value> mean(NodeCall n) {
    if (n.mapped(0).isEmpty()) return Optional.empty();
    return over(n, n.feature(0))
        .filter(o -> o != Over.SPACE)
        .map(o -> Moment.of(MEAN, n.feature(0), o));
  }

  /** A part that is a mean of some values, or the layer that is. */
  private static Optional<Moment> meanOf(NodeCall n, int input, Feature x) {
    boolean pooled = n.mapped(input).filter(y -> n.builder.isMeanOverPlaces(y, x)).isPresent();
    return pooled
        ? Optional.of(Moment.of(MEAN, x, Over.SPACE))
        : n.moment(input).filter(m -> m.is(MEAN) && m.of().equals(x));
  }

  private static Optional<Value> difference(NodeCall n) {
    if (n.isConstant(0)) {
      return n.moment(1).filter(m -> m.is(SCALED_MEAN)).map(m -> m.subtractedFrom(n.constant(0)));
    }
    Optional<Moment> scaled = n.moment(0).filter(m -> m.is(SCALED));
    if (scaled.isPresent()) {
      return n.moment(1)
          .filter(m -> m.is(SCALED_MEAN) && m.isBeside(scaled.get()))
          .map(m -> normalized(n, m));
    }
    return n.mapped(0).flatMap(x -> meanOf(n, 1, x)).map(m -> m.then(DEVIATION));
  }

  private static Optional<Value> power(NodeCall n) {
    if (n.moment(0).isEmpty() || !n.isConstant(1)) return Optional.empty();
    Moment m = n.moment(0).get();
    double exponent = n.constant(1).single();
    if (m.is(DEVIATION) && exponent == 2) return Optional.of(m.then(SQUARED_DEVIATION));
    if (m.is(SHIFTED_VARIANCE) && exponent == 0.5) return Optional.of(m.then(DIVISOR));
    if (m.is(SHIFTED_VARIANCE) && exponent == -0.5) return Optional.of(m.then(FACTOR));
    return Optional.empty();
  }

  private static Optional<Value> variance(NodeCall n) {
    return n.moment(0)
        .filter(m -> m.is(SQUARED_DEVIATION) && over(n, m.of()).equals(Optional.of(m.over())))
        .map(m -> m.then(VARIANCE));
  }

  private static Optional<Value> sum(NodeCall n) {
    for (int i = 0; i < 2; i++) {
      Optional<Moment> a = n.moment(i);
      if (a.isEmpty()) continue;
      int other = 1 - i;
      if (a.get().is(VARIANCE) && n.isConstant(other) && n.constant(other).length() == 1) {
        return Optional.of(a.get().plus(n.constant(other).single()));
      }
      if (!a.get().is(SCALED)) continue;
      Optional<Moment> offset = n.moment(other).filter(m -> m.is(OFFSET) && m.isBeside(a.get()));
      if (offset.isPresent()) return Optional.of(normalized(n, offset.get()));
    }
    return Optional.empty();
  }

  private static Optional<Value> quotient(NodeCall n) {
    Optional<Moment> divisor = n.moment(1).filter(m -> m.is(DIVISOR));
    if (divisor.isEmpty()) return Optional.empty();
    if (n.isConstant(0) && n.constant(0).length() == 1 && n.constant(0).single() == 1) {
      return Optional.of(divisor.get().then(FACTOR));
    }
    return deviationBy(n, 0, divisor.get());
  }

  private static Optional<Value> product(NodeCall n) {
    for (int i = 0; i < 2; i++) {
      Optional<Moment> m = n.moment(i);
      if (m.isEmpty()) continue;
      int other = 1 - i;
      if (m.get().is(DEVIATION) && m.equals(n.moment(other))) {
        return Optional.of(m.get().then(SQUARED_DEVIATION));
      }
      if (m.get().is(FACTOR)) return productWith(n, m.get(), other);
    }
    return Optional.empty();
  }

  private static Optional<Value> productWith(NodeCall n, Moment factor, int other) {
    if (n.isConstant(other)) {
      return factor.scale().isPresent()
          ? Optional.empty()
          : Optional.of(factor.scaledBy(n.constant(other)));
    }
    if (n.mapped(other).equals(Optional.of(factor.of()))) {
      return Optional.of(factor.then(SCALED));
    }
    boolean isMean =
        meanOf(n, other, factor.of()).filter(m -> m.over() == factor.over()).isPresent();
    return isMean ? Optional.of(factor.then(SCALED_MEAN)) : deviationBy(n, other, factor);
  }

  /** What is left of a normalization by its definition when deviations have been divided. */
  private static Optional<Value> deviationBy(NodeCall n, int input, Moment by) {
    return n.moment(input)
        .filter(m -> m.is(DEVIATION) && m.of().equals(by.of()) && m.over() == by.over())
        .map(m -> normalized(n, by));
  }

  /** The layer of which a part is the last one. */
  private static Value normalized(NodeCall n, Moment last) {
    Feature x = last.of();
    int channels = x.shape().channels();
    float[] scale = ofChannels(n, x, last.scale(), 1);
    float[] shift = ofChannels(n, x, last.shift(), 0);
    double epsilon = last.epsilon();
    Feature out =
        switch (last.over()) {
          case CHANNELS -> n.builder.layerNorm(n.name(), x, scale, shift, epsilon);
          case SPACE -> n.builder.groupNorm(n.name(), x, channels, scale, shift, epsilon);
          case ALL -> n.builder.groupNorm(n.name(), x, 1, scale, shift, epsilon);
        };
    return n.mapped(out);
  }

  private static float[] ofChannels(
      NodeCall n, Feature x, Optional<Constant> constant, float otherwise) {
    float[] values = constant.map(c -> n.perChannel(x, c)).orElse(new float[] {otherwise});
    return values.length == 1
        ? NormalizationOperators.repeated(values, x.shape().channels())
        : values;
  }
}
