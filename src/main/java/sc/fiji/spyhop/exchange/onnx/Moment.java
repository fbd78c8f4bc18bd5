package sc.fiji.spyhop.exchange.onnx;

import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Value;

/**
 * A part of a normalization that a file writes down operator by operator, such as the mean of some
 * values or their deviations from it; see {@link DecomposedNormalization}.
 *
 * @param of the values that are normalized
 * @param epsilon what is added to the variance; 0 before that
 */
record Moment(Kind kind, Feature of, Over over, double epsilon) implements Value {

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
    return new Moment(next, of, over, epsilon);
  }

  Moment plus(double added) {
    return new Moment(Kind.SHIFTED_VARIANCE, of, over, added);
  }

  boolean is(Kind asked) {
    return kind == asked;
  }
}
