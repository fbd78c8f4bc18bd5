package sc.fiji.spyhop.exchange.onnx;

import java.util.Optional;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Value;

/**
 * A part of a normalization that a file writes down operator by operator, such as the mean of some
 * values or their deviations from it; see {@link DecomposedNormalization}.
 *
 * @param of the values that are normalized
 * @param epsilon what is added to the variance; 0 before that
 * @param scale what factors were multiplied by, if they were
 * @param shift from what something was subtracted, if it was
 * @param plain the same, computed by layers one by one, for the case that no normalization comes of
 *     it; empty if no layers do that
 */
record Moment(
    Kind kind,
    Feature of,
    Over over,
    double epsilon,
    Optional<Constant> scale,
    Optional<Constant> shift,
    Optional<Feature> plain)
    implements Value {

  /** The first part. */
  static Moment of(Kind kind, Feature of, Over over) {
    return new Moment(kind, of, over, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }

  enum Kind {
    MEAN,
    /** Values less their mean. */
    DEVIATION,
    SQUARED_DEVIATION,
    VARIANCE,
    /** With epsilon. */
    SHIFTED_VARIANCE,
    /** The root of that. */
    DIVISOR,
    /** One by that, perhaps with a scale. */
    FACTOR,
    /** Values by the factor. */
    SCALED,
    /** The mean by the factor. */
    SCALED_MEAN,
    /** Something less that. */
    OFFSET
  }

  /** Which values have a mean together. */
  enum Over {
    /** Those of all places, of each channel. */
    SPACE,
    /** Those of all channels, of each place. */
    CHANNELS,
    /** All of a sample. */
    ALL
  }

  Moment then(Kind next) {
    return new Moment(next, of, over, epsilon, scale, shift, Optional.empty());
  }

  Moment plus(double added) {
    return new Moment(Kind.SHIFTED_VARIANCE, of, over, added, scale, shift, Optional.empty());
  }

  Moment computedAs(Optional<Feature> value) {
    return new Moment(kind, of, over, epsilon, scale, shift, value);
  }

  /** What it is if no normalization comes of it. */
  static Value otherwise(Value value) {
    return value instanceof Moment m && m.plain.isPresent()
        ? new Value.Mapped(m.plain.get())
        : value;
  }

  Moment scaledBy(Constant factors) {
    return new Moment(kind, of, over, epsilon, Optional.of(factors), shift, Optional.empty());
  }

  Moment subtractedFrom(Constant summands) {
    return new Moment(
        Kind.OFFSET, of, over, epsilon, scale, Optional.of(summands), Optional.empty());
  }

  /** Whether another part is of the same statistics. */
  boolean isBeside(Moment other) {
    return of.equals(other.of())
        && over == other.over()
        && epsilon == other.epsilon()
        && scale.equals(other.scale());
  }

  boolean is(Kind asked) {
    return kind == asked;
  }
}
