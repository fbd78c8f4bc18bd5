package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/** Local response normalisation over channels. */
final class LocalResponseNormNode extends Dl4jNode {

  private final int reach;
  private final double share;
  private final double beta;
  private final double k;

  LocalResponseNormNode(Layer.LocalResponseNorm l) {
    reach = l.size() / 2;
    share = l.alpha() / l.size();
    beta = l.beta();
    k = l.k();
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    out.copyFrom(in[0]);
    Elementwise.channelwise(
        out,
        in[0],
        (y, x, channels, n) -> {
          double[] scales = scales(x, channels, n);
          for (int i = 0; i < y.length; i++) y[i] = (float) (x[i] * Math.pow(scales[i], -beta));
        });
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] == null) return;
    inGradients[0].copyFrom(gradient);
    Elementwise.channelwise(
        inGradients[0],
        in[0],
        (g, x, channels, n) -> {
          double[] scales = scales(x, channels, n);
          double[] pull = new double[g.length];
          for (int i = 0; i < g.length; i++) {
            double power = Math.pow(scales[i], -beta);
            pull[i] = g[i] * x[i] * power / scales[i];
            g[i] *= (float) power;
          }
          double[] pulls = around(pull, channels, n);
          for (int i = 0; i < g.length; i++) g[i] -= (float) (2 * share * beta * x[i] * pulls[i]);
        });
  }

  /** What is raised to the power: {@code k + alpha / size * sum of squares}. */
  private double[] scales(float[] x, int channels, int n) {
    double[] squares = new double[x.length];
    for (int i = 0; i < x.length; i++) squares[i] = (double) x[i] * x[i];
    double[] sums = around(squares, channels, n);
    for (int i = 0; i < sums.length; i++) sums[i] = k + share * sums[i];
    return sums;
  }

  /** Sums over the channels around, for values of channels x n. */
  private double[] around(double[] values, int channels, int n) {
    double[] sums = new double[values.length];
    for (int c = 0; c < channels; c++) {
      int to = Math.min(channels - 1, c + reach);
      for (int d = Math.max(0, c - reach); d <= to; d++) {
        for (int i = 0; i < n; i++) sums[c * n + i] += values[d * n + i];
      }
    }
    return sums;
  }
}
