package sc.fiji.spyhop.engine.normalization;

import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * Sums over the places of a map, for each sample and channel: mean and squared deviations of the
 * values, and of a gradient the sum and the sum of products with the deviations.
 */
final class Moments {

  /** Values of a run: with what is computed of them, they fit into the nearest cache. */
  private static final int RUN = 2048;

  /** Least places of a run, where many channels lie side by side: each run has sums of its own. */
  private static final int PLACES = 32;

  private final ValueOrder order;
  private final int placesOfRun;
  private final int runs;
  private final double[] mean;
  private final double[] squares;
  private final double[] gradients;
  private final double[] products;

  private Moments(ValueOrder order, boolean withGradient) {
    this.order = order;
    placesOfRun = placesOfRun(order);
    runs = runs(order);
    int all = order.samples() * order.blocks() * runs * order.block();
    mean = new double[all];
    squares = new double[all];
    gradients = new double[withGradient ? all : 0];
    products = new double[withGradient ? all : 0];
  }

  static int placesOfRun(ValueOrder order) {
    return Math.min(order.places(), Math.max(PLACES, RUN / order.block()));
  }

  /** How many runs the places of one block make. */
  static int runs(ValueOrder order) {
    return (order.places() + placesOfRun(order) - 1) / placesOfRun(order);
  }

  /** Of values, and of a gradient besides if there is one. */
  static Moments of(ValueOrder order, FloatBuffer x, Optional<FloatBuffer> gradient) {
    Moments moments = new Moments(order, gradient.isPresent());
    Shares.run(
        order.samples() * order.blocks() * moments.runs,
        order.length(),
        (from, to) -> {
          Scratch scratch = new Scratch(moments.placesOfRun * order.block());
          for (int i = from; i < to; i++) moments.take(i, x, gradient, scratch);
        });
    return moments;
  }

  private static final class Scratch {
    final float[] values;
    final float[] deviations;
    final float[] spread;
    final float[] means;
    final float[] room;

    Scratch(int size) {
      values = new float[size];
      deviations = new float[size];
      spread = new float[size];
      means = new float[size];
      room = new float[size];
    }
  }

  /** One run: its mean as a number of 32 bits, from which deviations are exact, and the rest. */
  private void take(int run, FloatBuffer x, Optional<FloatBuffer> gradient, Scratch scratch) {
    int lanes = order.block();
    int first = run % runs * placesOfRun;
    int places = Math.min(placesOfRun, order.places() - first);
    int n = places * lanes;
    int at = (run / runs * order.places() + first) * lanes;
    int to = run * lanes;
    x.get(at, scratch.values, 0, n);
    System.arraycopy(scratch.values, 0, scratch.deviations, 0, n);
    Lanes.sum(scratch.deviations, scratch.room, places, lanes);
    for (int c = 0; c < lanes; c++) scratch.means[c] = scratch.deviations[c] / places;
    Lanes.spread(scratch.means, lanes, scratch.spread, n);
    Lanes.subtract(scratch.values, scratch.spread, scratch.deviations, n);
    Lanes.multiply(scratch.deviations, scratch.deviations, scratch.values, n);
    Lanes.sum(scratch.values, scratch.room, places, lanes);
    for (int c = 0; c < lanes; c++) squares[to + c] = scratch.values[c];
    if (gradient.isPresent()) {
      gradient.get().get(at, scratch.values, 0, n);
      Lanes.multiply(scratch.values, scratch.deviations, scratch.spread, n);
      Lanes.sum(scratch.spread, scratch.room, places, lanes);
      Lanes.sum(scratch.values, scratch.room, places, lanes);
      for (int c = 0; c < lanes; c++) {
        gradients[to + c] = scratch.values[c];
        products[to + c] = scratch.spread[c];
      }
    }
    Lanes.sum(scratch.deviations, scratch.room, places, lanes);
    for (int c = 0; c < lanes; c++) {
      double rest = (double) scratch.deviations[c] / places;
      mean[to + c] = scratch.means[c] + rest;
      squares[to + c] -= places * rest * rest;
      if (gradient.isPresent()) products[to + c] -= rest * gradients[to + c];
    }
  }

  /** Where the first run of a channel stands; further ones follow at a distance of a block. */
  private int at(int sample, int channel) {
    int block = channel / order.block();
    return (sample * order.blocks() + block) * runs * order.block() + channel % order.block();
  }

  private int places(int run) {
    return Math.min(placesOfRun, order.places() - run * placesOfRun);
  }

  /**
   * Of some channels of a sample together.
   *
   * @param variance mean squared deviation from the mean
   */
  record Statistics(double mean, double variance) {}

  Statistics of(int sample, int first, int channels) {
    double together = 0;
    for (int c = first; c < first + channels; c++) together += weighted(mean, sample, c);
    double middle = together / channels / order.places();
    double sum = 0;
    for (int c = first; c < first + channels; c++) {
      int at = at(sample, c);
      for (int r = 0; r < runs; r++, at += order.block()) {
        double apart = mean[at] - middle;
        sum += squares[at] + places(r) * apart * apart;
      }
    }
    return new Statistics(middle, sum / channels / order.places());
  }

  private double weighted(double[] values, int sample, int channel) {
    double sum = 0;
    int at = at(sample, channel);
    for (int r = 0; r < runs; r++, at += order.block()) sum += places(r) * values[at];
    return sum;
  }

  /** Sum of the gradient. */
  double gradient(int sample, int channel) {
    double sum = 0;
    int at = at(sample, channel);
    for (int r = 0; r < runs; r++, at += order.block()) sum += gradients[at];
    return sum;
  }

  /** Sum of the gradient by the deviation from something. */
  double product(int sample, int channel, double from) {
    double sum = 0;
    int at = at(sample, channel);
    for (int r = 0; r < runs; r++, at += order.block()) {
      sum += products[at] + (mean[at] - from) * gradients[at];
    }
    return sum;
  }
}
