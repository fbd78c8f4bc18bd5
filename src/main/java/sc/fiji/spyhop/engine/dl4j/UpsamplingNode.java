package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/** Nearest and bilinear upsampling. */
final class UpsamplingNode extends Dl4jNode {

  private final int fy;
  private final int fx;
  private final boolean bilinear;

  UpsamplingNode(Layer.Upsampling l) {
    fy = l.factor().get(0);
    fx = l.factor().get(1);
    bilinear = l.interpolation() == Layer.Interpolation.BILINEAR;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    int h = in[0].size(2);
    int w = in[0].size(3);
    Taps rows = new Taps(h, fy);
    Taps columns = new Taps(w, fx);
    Parallel.each(
        in[0].size(0) * in[0].size(1),
        out.length,
        p -> {
          float[] from = new float[h * w];
          float[] to = new float[h * fy * w * fx];
          in[0].data.get(p * from.length, from);
          if (bilinear) {
            spread(from, to, rows, columns);
          } else {
            repeat(from, to, h, w);
          }
          out.data.put(p * to.length, to);
        });
  }

  private void repeat(float[] from, float[] to, int h, int w) {
    int ow = w * fx;
    for (int y = 0; y < h; y++) {
      int at = y * fy * ow;
      if (fx == 2) {
        for (int x = 0; x < w; x++) {
          float v = from[y * w + x];
          to[at + 2 * x] = v;
          to[at + 2 * x + 1] = v;
        }
      } else {
        for (int x = 0; x < ow; x++) to[at + x] = from[y * w + x / fx];
      }
      for (int k = 1; k < fy; k++) System.arraycopy(to, at, to, at + k * ow, ow);
    }
  }

  /** Which two values make up each value of an enlarged line, and with what weight. */
  private static final class Taps {
    final int[] low;
    final int[] high;
    final float[] share;

    Taps(int size, int factor) {
      int n = size * factor;
      low = new int[n];
      high = new int[n];
      share = new float[n];
      for (int i = 0; i < n; i++) {
        double at = Math.max(0, Math.min(size - 1, (i + 0.5) / factor - 0.5));
        low[i] = (int) at;
        high[i] = Math.min(size - 1, low[i] + 1);
        share[i] = (float) (at - low[i]);
      }
    }
  }

  private static void spread(float[] from, float[] to, Taps rows, Taps columns) {
    int ow = columns.low.length;
    int w = from.length / (rows.low[rows.low.length - 1] + 1);
    float[] line = new float[w];
    for (int y = 0; y < rows.low.length; y++) {
      int a = rows.low[y] * w;
      int b = rows.high[y] * w;
      float s = rows.share[y];
      for (int x = 0; x < w; x++) line[x] = from[a + x] + s * (from[b + x] - from[a + x]);
      for (int x = 0; x < ow; x++) {
        float left = line[columns.low[x]];
        to[y * ow + x] = left + columns.share[x] * (line[columns.high[x]] - left);
      }
    }
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block result = inGradients[0];
    if (result == null) return;
    int h = result.size(2);
    int w = result.size(3);
    Taps rows = new Taps(h, fy);
    Taps columns = new Taps(w, fx);
    Parallel.each(
        result.size(0) * result.size(1),
        gradient.length,
        p -> {
          float[] g = new float[h * fy * w * fx];
          float[] to = new float[h * w];
          gradient.data.get(p * g.length, g);
          if (bilinear) {
            collect(g, to, w, rows, columns);
          } else {
            sum(g, to, h, w);
          }
          result.data.put(p * to.length, to);
        });
  }

  private void sum(float[] g, float[] to, int h, int w) {
    int ow = w * fx;
    float[] line = new float[ow];
    for (int y = 0; y < h; y++) {
      int at = y * fy * ow;
      System.arraycopy(g, at, line, 0, ow);
      for (int k = 1; k < fy; k++) {
        int next = at + k * ow;
        for (int x = 0; x < ow; x++) line[x] += g[next + x];
      }
      for (int x = 0; x < w; x++) {
        float v = line[x * fx];
        for (int k = 1; k < fx; k++) v += line[x * fx + k];
        to[y * w + x] = v;
      }
    }
  }

  private static void collect(float[] g, float[] to, int w, Taps rows, Taps columns) {
    int ow = columns.low.length;
    float[] line = new float[w];
    for (int y = 0; y < rows.low.length; y++) {
      Arrays.fill(line, 0);
      for (int x = 0; x < ow; x++) {
        float v = g[y * ow + x];
        line[columns.low[x]] += (1 - columns.share[x]) * v;
        line[columns.high[x]] += columns.share[x] * v;
      }
      int a = rows.low[y] * w;
      int b = rows.high[y] * w;
      float s = rows.share[y];
      for (int x = 0; x < w; x++) {
        to[a + x] += (1 - s) * line[x];
        to[b + x] += s * line[x];
      }
    }
  }
}
