package sc.fiji.spyhop.expression;

import java.util.HashMap;
import java.util.Map;

/** Values that are the same for all places: one, or one for each sample, channel, or both. */
final class Singles {

  private final Dimensions sizes;
  private final Map<Expression, double[]> values = new HashMap<>();

  Singles(Dimensions sizes) {
    this.sizes = sizes;
  }

  void put(Expression e, double[] of) {
    values.put(e, of);
  }

  /** Value of what has only one. */
  double value(Expression e) {
    return values.get(e)[0];
  }

  double value(Expression e, int sample, int channel) {
    int n = e.kind().extent() == Kind.Extent.SAMPLE ? sample : 0;
    return values.get(e)[e.kind().channels() ? n * sizes.channels() + channel : n];
  }

  /** Computes an expression whose arguments are there. */
  void compute(Expression e) {
    values.put(e, computed(e));
  }

  /** The values of an expression whose arguments are there. */
  double[] computed(Expression e) {
    int samples = e.kind().extent() == Kind.Extent.SAMPLE ? sizes.samples() : 1;
    int channels = e.kind().channels() ? sizes.channels() : 1;
    double[] result = new double[samples * channels];
    for (int n = 0; n < samples; n++) {
      for (int c = 0; c < channels; c++) result[n * channels + c] = at(e, n, c);
    }
    return result;
  }

  private double at(Expression e, int n, int c) {
    return switch (e.operation()) {
      case NUMBER -> e.number();
      case CHANNEL -> c;
      case CHANNELS -> sizes.channels();
      case PLACES -> sizes.places();
      case SAMPLES -> sizes.samples();
      case SELECT -> value(e.argument(0), n, (int) e.number());
      case SUM_CHANNELS, MAX_CHANNELS, MIN_CHANNELS, LOG_SUM_EXP_CHANNELS -> channels(e, n);
      case SUM_BATCH -> {
        double sum = 0;
        for (int i = 0; i < sizes.samples(); i++) sum += value(e.argument(0), i, c);
        yield sum;
      }
      default ->
          Scalars.apply(
              e.operation(), argument(e, 0, n, c), argument(e, 1, n, c), argument(e, 2, n, c));
    };
  }

  private double argument(Expression e, int i, int n, int c) {
    return i < e.arguments().size() ? value(e.argument(i), n, c) : 0;
  }

  private double channels(Expression e, int n) {
    Expression of = e.argument(0);
    double extreme = value(of, n, 0);
    double sum = 0;
    for (int c = 0; c < sizes.channels(); c++) {
      double v = value(of, n, c);
      sum += v;
      extreme =
          e.operation() == Operation.MIN_CHANNELS ? Math.min(extreme, v) : Math.max(extreme, v);
    }
    if (e.operation() == Operation.SUM_CHANNELS) return sum;
    if (e.operation() != Operation.LOG_SUM_EXP_CHANNELS || Double.isInfinite(extreme)) {
      return extreme;
    }
    double exponentials = 0;
    for (int c = 0; c < sizes.channels(); c++) exponentials += Math.exp(value(of, n, c) - extreme);
    return extreme + Math.log(exponentials);
  }
}
