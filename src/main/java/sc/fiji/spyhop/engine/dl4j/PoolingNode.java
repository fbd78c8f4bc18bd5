package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Windows;

/** Max and average pooling. */
final class PoolingNode extends Dl4jNode {

  private final Layer.Pooling layer;
  private final boolean max;
  private final int[] kernel;
  private final int[] stride;

  PoolingNode(Layer.Pooling l) {
    layer = l;
    max = l.kind() == Layer.PoolingKind.MAX;
    kernel = ints(l.kernel());
    stride = ints(l.stride());
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  /** Whether each 2x2 square lies inside the map. */
  private boolean isHalving(int h, int w, int outH, int outW) {
    return kernel[0] == 2
        && kernel[1] == 2
        && stride[0] == 2
        && stride[1] == 2
        && Windows.of(layer, 0, h).before() == 0
        && Windows.of(layer, 1, w).before() == 0
        && 2 * outH <= h
        && 2 * outW <= w;
  }

  /** How many values each window averages, along one axis. */
  private int[] counts(int axis, int size) {
    Windows windows = Windows.of(layer, axis, size);
    boolean padded = layer.countIncludePad();
    int[] counts = new int[windows.count()];
    for (int i = 0; i < counts.length; i++) {
      int from = i * stride[axis] - windows.before();
      int to = Math.min(from + kernel[axis], size + (padded ? windows.after() : 0));
      counts[i] = to - (padded ? from : Math.max(0, from));
    }
    return counts;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    Block x = in[0];
    int h = x.size(2);
    int w = x.size(3);
    int oh = out.size(2);
    int ow = out.size(3);
    boolean halving = max && isHalving(h, w, oh, ow);
    Parallel.each(
        x.size(0) * x.size(1),
        x.length,
        p -> {
          float[] from = new float[h * w];
          float[] to = new float[oh * ow];
          x.data.get(p * from.length, from);
          if (halving) {
            halve(from, w, to, oh, ow);
          } else {
            pool(from, h, w, to, oh, ow);
          }
          out.data.put(p * to.length, to);
        });
  }

  private static void halve(float[] from, int w, float[] to, int oh, int ow) {
    float[] row = new float[w];
    for (int i = 0; i < oh; i++) {
      int top = 2 * i * w;
      for (int j = 0; j < w; j++) row[j] = Math.max(from[top + j], from[top + w + j]);
      for (int j = 0; j < ow; j++) to[i * ow + j] = Math.max(row[2 * j], row[2 * j + 1]);
    }
  }

  private void pool(float[] from, int h, int w, float[] to, int oh, int ow) {
    int top = Windows.of(layer, 0, h).before();
    int left = Windows.of(layer, 1, w).before();
    int[] rows = counts(0, h);
    int[] columns = counts(1, w);
    for (int i = 0; i < oh; i++) {
      int y0 = Math.max(0, i * stride[0] - top);
      int y1 = Math.min(h, i * stride[0] - top + kernel[0]);
      for (int j = 0; j < ow; j++) {
        int x0 = Math.max(0, j * stride[1] - left);
        int x1 = Math.min(w, j * stride[1] - left + kernel[1]);
        float value = max ? Float.NEGATIVE_INFINITY : 0;
        for (int y = y0; y < y1; y++) {
          for (int x = x0; x < x1; x++) {
            value = max ? Math.max(value, from[y * w + x]) : value + from[y * w + x];
          }
        }
        to[i * ow + j] = max ? value : value / (rows[i] * columns[j]);
      }
    }
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] == null) return;
    Block x = in[0];
    int h = x.size(2);
    int w = x.size(3);
    int oh = gradient.size(2);
    int ow = gradient.size(3);
    boolean halving = max && isHalving(h, w, oh, ow);
    Parallel.each(
        x.size(0) * x.size(1),
        x.length,
        p -> {
          float[] values = new float[h * w];
          float[] to = new float[h * w];
          float[] g = new float[oh * ow];
          if (max) x.data.get(p * values.length, values);
          gradient.data.get(p * g.length, g);
          if (halving) {
            unhalve(values, w, g, oh, ow, to);
          } else {
            unpool(values, h, w, g, oh, ow, to);
          }
          inGradients[0].data.put(p * to.length, to);
        });
  }

  private static void unhalve(float[] values, int w, float[] g, int oh, int ow, float[] to) {
    for (int i = 0; i < oh; i++) {
      for (int j = 0; j < ow; j++) {
        int at = 2 * i * w + 2 * j;
        int upper = values[at + 1] > values[at] ? at + 1 : at;
        int lower = values[at + w + 1] > values[at + w] ? at + w + 1 : at + w;
        to[values[lower] > values[upper] ? lower : upper] = g[i * ow + j];
      }
    }
  }

  private void unpool(float[] values, int h, int w, float[] g, int oh, int ow, float[] to) {
    int top = Windows.of(layer, 0, h).before();
    int left = Windows.of(layer, 1, w).before();
    int[] rows = counts(0, h);
    int[] columns = counts(1, w);
    for (int i = 0; i < oh; i++) {
      int y0 = Math.max(0, i * stride[0] - top);
      int y1 = Math.min(h, i * stride[0] - top + kernel[0]);
      for (int j = 0; j < ow; j++) {
        int x0 = Math.max(0, j * stride[1] - left);
        int x1 = Math.min(w, j * stride[1] - left + kernel[1]);
        float share = g[i * ow + j] / (max ? 1 : rows[i] * columns[j]);
        int best = y0 * w + x0;
        for (int y = y0; y < y1; y++) {
          for (int x = x0; x < x1; x++) {
            if (!max) to[y * w + x] += share;
            else if (values[y * w + x] > values[best]) best = y * w + x;
          }
        }
        if (max) to[best] += share;
      }
    }
  }
}
