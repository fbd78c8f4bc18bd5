package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/** Batch normalisation. */
final class BatchNormNode extends Dl4jNode {

  private final Layer.BatchNorm layer;
  private final boolean frozen;
  private final float[] mean;
  private final float[] inverse;
  private double[] batchMean = {};
  private double[] batchVariance = {};

  BatchNormNode(Layer.BatchNorm layer, boolean frozen) {
    this.layer = layer;
    this.frozen = frozen;
    mean = new float[layer.channels()];
    inverse = new float[layer.channels()];
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private float value(int slot, int c) {
    return slots.get(slot).value.data.get(c);
  }

  private boolean usesBatch(Mode mode) {
    return mode.training() && !frozen;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    Block x = in[0];
    int channels = layer.channels();
    boolean batch = usesBatch(mode);
    double[] means = new double[batch ? channels : 0];
    double[] variances = new double[batch ? channels : 0];
    Parallel.each(
        channels,
        x.length,
        c -> {
          double m = value(2, c);
          double v = value(3, c);
          if (batch) {
            m = sum(x, c, 0, false) / (x.length / channels);
            v = sum(x, c, m, true) / (x.length / channels);
            means[c] = m;
            variances[c] = v;
          }
          mean[c] = (float) m;
          inverse[c] = (float) (1 / Math.sqrt(v + layer.epsilon()));
          float a = value(0, c) * inverse[c];
          float b = value(1, c);
          float centre = mean[c];
          planes(
              x,
              c,
              (at, n, line) -> {
                x.data.get(at, line, 0, n);
                for (int i = 0; i < n; i++) line[i] = (line[i] - centre) * a + b;
                out.data.put(at, line, 0, n);
              });
        });
    batchMean = means;
    batchVariance = variances;
  }

  private interface Piece {
    void accept(int at, int n, float[] line);
  }

  /** Walks over all values of a channel in pieces. */
  private static void planes(Block x, int c, Piece piece) {
    int space = x.space();
    int chunk = Math.min(space, 4096);
    float[] line = new float[chunk];
    for (int n = 0; n < x.size(0); n++) {
      int start = (n * x.size(1) + c) * space;
      for (int at = 0; at < space; at += chunk) {
        piece.accept(start + at, Math.min(chunk, space - at), line);
      }
    }
  }

  /** Sum of a channel's deviations from a mean, or of their squares. */
  private static double sum(Block x, int c, double mean, boolean squared) {
    double[] sum = {0};
    planes(
        x,
        c,
        (at, n, line) -> {
          x.data.get(at, line, 0, n);
          double s = 0;
          if (squared) {
            for (int i = 0; i < n; i++) s += (line[i] - mean) * (line[i] - mean);
          } else {
            for (int i = 0; i < n; i++) s += line[i] - mean;
          }
          sum[0] += s;
        });
    return sum[0];
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block x = in[0];
    Block gx = inGradients[0];
    int channels = layer.channels();
    int count = x.length / channels;
    boolean batch = usesBatch(mode);
    Parallel.each(
        channels,
        x.length,
        c -> {
          float centre = mean[c];
          float scale = inverse[c];
          double[] sums = new double[2];
          float[] other = new float[Math.min(x.space(), 4096)];
          if (batch || isTrained()) {
            planes(
                x,
                c,
                (at, n, line) -> {
                  x.data.get(at, line, 0, n);
                  gradient.data.get(at, other, 0, n);
                  double g = 0;
                  double gx0 = 0;
                  for (int i = 0; i < n; i++) {
                    g += other[i];
                    gx0 += other[i] * ((line[i] - centre) * scale);
                  }
                  sums[0] += g;
                  sums[1] += gx0;
                });
          }
          if (slots.get(0).isTrained()) slots.get(0).gradient.data.put(c, (float) sums[1]);
          if (slots.get(1).isTrained()) slots.get(1).gradient.data.put(c, (float) sums[0]);
          if (gx == null) return;
          float a = value(0, c) * scale;
          float g0 = batch ? (float) (sums[0] / count) : 0;
          float g1 = batch ? (float) (sums[1] / count) * scale : 0;
          planes(
              x,
              c,
              (at, n, line) -> {
                x.data.get(at, line, 0, n);
                gradient.data.get(at, other, 0, n);
                for (int i = 0; i < n; i++) {
                  line[i] = a * (other[i] - g0 - (line[i] - centre) * g1);
                }
                gx.data.put(at, line, 0, n);
              });
        });
  }

  @Override
  public void commit() {
    for (int c = 0; c < batchMean.length; c++) {
      follow(2, c, batchMean[c]);
      follow(3, c, batchVariance[c]);
    }
  }

  private void follow(int slot, int c, double value) {
    double kept = layer.momentum() * value(slot, c) + (1 - layer.momentum()) * value;
    slots.get(slot).value.data.put(c, (float) kept);
  }
}
