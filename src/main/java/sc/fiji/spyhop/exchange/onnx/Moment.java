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
 * @param plain the same, computed by layers one by one, for the case that no normalization comes of
 *     it; empty if no layers do that
 */
record Moment(Kind kind, Feature of, Over over, double epsilon, Optional<Feature> plain)
    implements Value {

  Moment(Kind kind, Feature of, Over over) {
    this(kind, of, over, 0, Optional.empty());
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
    /** One by that. */
    FACTOR
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
    return new Moment(next, of, over, epsilon, Optional.empty());
  }

  Moment plus(double added) {
    return new Moment(Kind.SHIFTED_VARIANCE, of, over, added, Optional.empty());
  }

  Moment computedAs(Optional<Feature> value) {
    return new Moment(kind, of, over, epsilon, value);
  }

  /** What it is if no normalization comes of it. */
  static Value otherwise(Value value) {
    return value instanceof Moment m && m.plain.isPresent()
        ? new Value.Mapped(m.plain.get())
        : value;
  }

  boolean is(Kind asked) {
    return kind == asked;
  }
}
