package sc.fiji.spyhop.engine.normalization;

import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * Normalization of groups of channels over all places of a sample.
 *
 * @param groups of neighbouring channels, of equal size
 * @param epsilon added to the variance
 */
public record GroupNormalization(int groups, double epsilon) implements MapNormalization {

  /** What becomes of values {@code x} and {@code g}: (x - middle) * ofX + g * ofG + summand. */
  private static final class Coefficients {
    private final ValueOrder order;
    final float[] middle;
    final float[] ofX;
    final float[] ofG;
    final float[] summand;

    Coefficients(ValueOrder order) {
      this.order = order;
      int all = order.samples() * order.blocks() * order.block();
      middle = new float[all];
      ofX = new float[all];
      ofG = new float[all];
      summand = new float[all];
    }

    /**
     * @param mean from which deviations are taken; what is lost of it to rounding is made up for
     */
    void set(int sample, int channel, double mean, double byX, double byG, double plus) {
      int at = sample * order.blocks() * order.block() + channel;
      middle[at] = (float) mean;
      ofX[at] = (float) byX;
      ofG[at] = (float) byG;
      summand[at] = (float) (plus + (middle[at] - mean) * byX);
    }
  }

  @Override
  public void forward(
      ValueOrder order, FloatBuffer x, float[] weight, float[] bias, FloatBuffer y) {
    Moments moments = Moments.of(order, x, Optional.empty());
    Coefficients k = new Coefficients(order);
    int size = order.channels() / groups;
    for (int n = 0; n < order.samples(); n++) {
      for (int g = 0; g < groups; g++) {
        Moments.Statistics s = moments.of(n, g * size, size);
        double inverse = 1 / Math.sqrt(s.variance() + epsilon);
        for (int c = g * size; c < (g + 1) * size; c++) {
          k.set(n, c, s.mean(), inverse * weight[c], 0, bias[c]);
        }
      }
    }
    apply(order, k, x, Optional.empty(), y);
  }

  @Override
  public ParameterGradients backward(
      ValueOrder order, FloatBuffer x, FloatBuffer gradient, float[] weight, FloatBuffer back) {
    Moments moments = Moments.of(order, x, Optional.of(gradient));
    Coefficients k = new Coefficients(order);
    double[] ofWeight = new double[order.channels()];
    double[] ofBias = new double[order.channels()];
    int size = order.channels() / groups;
    double count = (double) size * order.places();
    for (int n = 0; n < order.samples(); n++) {
      for (int g = 0; g < groups; g++) {
        Moments.Statistics s = moments.of(n, g * size, size);
        double inverse = 1 / Math.sqrt(s.variance() + epsilon);
        double sum = 0;
        double product = 0;
        for (int c = g * size; c < (g + 1) * size; c++) {
          double own = moments.gradient(n, c);
          double normal = inverse * moments.product(n, c, s.mean());
          ofBias[c] += own;
          ofWeight[c] += normal;
          sum += weight[c] * own;
          product += weight[c] * normal;
        }
        for (int c = g * size; c < (g + 1) * size; c++) {
          double byX = -inverse * inverse * product / count;
          k.set(n, c, s.mean(), byX, inverse * weight[c], -inverse * sum / count);
        }
      }
    }
    apply(order, k, x, Optional.of(gradient), back);
    return ParameterGradients.of(ofWeight, ofBias);
  }

  private static void apply(
      ValueOrder order, Coefficients k, FloatBuffer x, Optional<FloatBuffer> g, FloatBuffer y) {
    int runs = Moments.runs(order);
    Shares.run(
        order.samples() * order.blocks() * runs,
        order.length(),
        (from, to) -> new Run(order, k).apply(from, to, runs, x, g, y));
  }

  /** Coefficients of the channels of a block, spread over the places of a run. */
  private static final class Run {
    private final ValueOrder order;
    private final Coefficients k;
    private final int placesOfRun;
    private final float[] values;
    private final float[] gradients;
    private final float[] middle;
    private final float[] ofX;
    private final float[] ofG;
    private final float[] summand;
    private final float[] some;

    Run(ValueOrder order, Coefficients k) {
      this.order = order;
      this.k = k;
      placesOfRun = Moments.placesOfRun(order);
      int size = placesOfRun * order.block();
      values = new float[size];
      gradients = new float[size];
      middle = new float[size];
      ofX = new float[size];
      ofG = new float[size];
      summand = new float[size];
      some = new float[order.block()];
    }

    void apply(int from, int to, int runs, FloatBuffer x, Optional<FloatBuffer> g, FloatBuffer y) {
      int known = -1;
      for (int run = from; run < to; run++) {
        int block = run / runs;
        if (block != known) spread(block, g.isPresent());
        known = block;
        int first = run % runs * placesOfRun;
        int n = Math.min(placesOfRun, order.places() - first) * order.block();
        int at = (block * order.places() + first) * order.block();
        x.get(at, values, 0, n);
        if (g.isPresent()) {
          g.get().get(at, gradients, 0, n);
          combine(values, middle, ofX, summand, gradients, ofG, n);
        } else {
          scale(values, middle, ofX, summand, n);
        }
        y.put(at, values, 0, n);
      }
    }

    private void spread(int block, boolean withGradient) {
      spread(k.middle, block, middle);
      spread(k.ofX, block, ofX);
      spread(k.summand, block, summand);
      if (withGradient) spread(k.ofG, block, ofG);
    }

    private void spread(float[] all, int block, float[] into) {
      System.arraycopy(all, block * some.length, some, 0, some.length);
      Lanes.spread(some, some.length, into, into.length);
    }

    private static void scale(float[] v, float[] middle, float[] by, float[] plus, int n) {
      for (int i = 0; i < n; i++) v[i] = (v[i] - middle[i]) * by[i] + plus[i];
    }

    private static void combine(
        float[] v, float[] middle, float[] by, float[] plus, float[] g, float[] byG, int n) {
      for (int i = 0; i < n; i++) v[i] = (v[i] - middle[i]) * by[i] + g[i] * byG[i] + plus[i];
    }
  }
}
