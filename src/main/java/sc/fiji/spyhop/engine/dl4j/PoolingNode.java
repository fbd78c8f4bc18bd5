package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.network.Layer;

/** Max and average pooling. */
final class PoolingNode extends Node {

  private final boolean max;
  private final int[] kernel;
  private final int[] stride;
  private final boolean same;

  PoolingNode(Layer.Pooling l) {
    max = l.kind() == Layer.PoolingKind.MAX;
    kernel = ints(l.kernel());
    stride = ints(l.stride());
    same = l.padding() == Layer.Padding.SAME;
  }

  @Override
  boolean needsInput() {
    return true;
  }

  /** Whether each 2x2 square lies inside the map. */
  private boolean isHalving(int h, int w, int outH, int outW) {
    return kernel[0] == 2
        && kernel[1] == 2
        && stride[0] == 2
        && stride[1] == 2
        && 2 * outH <= h
        && 2 * outW <= w;
  }

  private int before(int axis, int in, int out) {
    return same ? Math.max(0, (out - 1) * stride[axis] + kernel[axis] - in) / 2 : 0;
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
    int top = before(0, h, oh);
    int left = before(1, w, ow);
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
        to[i * ow + j] = max ? value : value / ((y1 - y0) * (x1 - x0));
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
    int top = before(0, h, oh);
    int left = before(1, w, ow);
    for (int i = 0; i < oh; i++) {
      int y0 = Math.max(0, i * stride[0] - top);
      int y1 = Math.min(h, i * stride[0] - top + kernel[0]);
      for (int j = 0; j < ow; j++) {
        int x0 = Math.max(0, j * stride[1] - left);
        int x1 = Math.min(w, j * stride[1] - left + kernel[1]);
        float share = g[i * ow + j] / (max ? 1 : (y1 - y0) * (x1 - x0));
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
