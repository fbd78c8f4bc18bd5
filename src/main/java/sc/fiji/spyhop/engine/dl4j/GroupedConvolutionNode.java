package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Windows;

/**
 * Convolution in groups, in plain Java: with few channels in a group it is bound by memory, and a
 * loop along rows is as good as anything.
 */
final class GroupedConvolutionNode extends Dl4jNode {

  private final Layer.Convolution layer;
  private final int[] kernel;
  private final int[] stride;
  private final int[] dilation;
  private final int channels;
  private final int filters;

  GroupedConvolutionNode(Layer.Convolution l) {
    layer = l;
    kernel = ints(l.kernel());
    stride = ints(l.stride());
    dilation = ints(l.dilation());
    channels = l.channels() / l.groups();
    filters = l.filters() / l.groups();
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  /** Meets each pair of rows that a kernel's value connects, for one input and one output plane. */
  private interface Rows {
    /**
     * @param tap number of the kernel's value
     * @param in first value of the input, from where every {@code stride[1]}th counts
     * @param out first value of the output
     * @param n how many values
     */
    void meet(int tap, int in, int out, int n);
  }

  private void walk(int h, int w, int oh, int ow, Rows rows) {
    int top = Windows.of(layer, 0, h).before();
    int left = Windows.of(layer, 1, w).before();
    for (int p = 0; p < kernel[0]; p++) {
      for (int q = 0; q < kernel[1]; q++) {
        int shift = q * dilation[1] - left;
        int from = Math.max(0, -Math.floorDiv(shift, stride[1]));
        int to = Math.min(ow, Math.floorDiv(w - 1 - shift, stride[1]) + 1);
        if (to <= from) continue;
        for (int i = 0; i < oh; i++) {
          int y = i * stride[0] + p * dilation[0] - top;
          if (y < 0 || y >= h) continue;
          rows.meet(p * kernel[1] + q, y * w + from * stride[1] + shift, i * ow + from, to - from);
        }
      }
    }
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    Block x = in[0];
    int h = x.size(2);
    int w = x.size(3);
    int oh = out.size(2);
    int ow = out.size(3);
    int taps = kernel[0] * kernel[1];
    int step = stride[1];
    float[] weights = new float[slots.get(0).value.length];
    slots.get(0).value.data.get(0, weights);
    Parallel.each(
        out.size(0) * out.size(1),
        out.length,
        task -> {
          int n = task / out.size(1);
          int o = task % out.size(1);
          float[] plane = new float[h * w];
          float[] sum = new float[oh * ow];
          if (layer.bias()) Arrays.fill(sum, slots.get(1).value.data.get(o));
          for (int c = 0; c < channels; c++) {
            x.data.get((n * x.size(1) + o / filters * channels + c) * plane.length, plane);
            int first = (o * channels + c) * taps;
            walk(
                h,
                w,
                oh,
                ow,
                (tap, from, to, length) -> {
                  float factor = weights[first + tap];
                  if (step == 1) {
                    for (int i = 0; i < length; i++) sum[to + i] += factor * plane[from + i];
                  } else {
                    for (int i = 0; i < length; i++) sum[to + i] += factor * plane[from + i * step];
                  }
                });
          }
          out.data.put(task * sum.length, sum);
        });
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] != null) backToInput(gradient, inGradients[0]);
    if (slots.get(0).isTrained()) backToKernel(in[0], gradient);
    if (layer.bias() && slots.get(1).isTrained()) backToBias(gradient);
  }

  private void backToInput(Block gradient, Block result) {
    int h = result.size(2);
    int w = result.size(3);
    int oh = gradient.size(2);
    int ow = gradient.size(3);
    int taps = kernel[0] * kernel[1];
    int step = stride[1];
    float[] weights = new float[slots.get(0).value.length];
    slots.get(0).value.data.get(0, weights);
    Parallel.each(
        result.size(0) * result.size(1),
        result.length,
        task -> {
          int n = task / result.size(1);
          int c = task % result.size(1);
          float[] plane = new float[h * w];
          float[] g = new float[oh * ow];
          for (int f = 0; f < filters; f++) {
            int o = c / channels * filters + f;
            gradient.data.get((n * gradient.size(1) + o) * g.length, g);
            int first = (o * channels + c % channels) * taps;
            walk(
                h,
                w,
                oh,
                ow,
                (tap, to, from, length) -> {
                  float factor = weights[first + tap];
                  for (int i = 0; i < length; i++) plane[to + i * step] += factor * g[from + i];
                });
          }
          result.data.put(task * plane.length, plane);
        });
  }

  private void backToKernel(Block x, Block gradient) {
    int h = x.size(2);
    int w = x.size(3);
    int oh = gradient.size(2);
    int ow = gradient.size(3);
    int taps = kernel[0] * kernel[1];
    int step = stride[1];
    Parallel.each(
        gradient.size(1) * channels,
        gradient.length * (long) channels,
        task -> {
          int o = task / channels;
          int c = o / filters * channels + task % channels;
          float[] plane = new float[h * w];
          float[] g = new float[oh * ow];
          double[] sums = new double[taps];
          for (int n = 0; n < x.size(0); n++) {
            x.data.get((n * x.size(1) + c) * plane.length, plane);
            gradient.data.get((n * gradient.size(1) + o) * g.length, g);
            walk(
                h,
                w,
                oh,
                ow,
                (tap, in, out, length) -> {
                  float sum = 0;
                  for (int i = 0; i < length; i++) sum += g[out + i] * plane[in + i * step];
                  sums[tap] += sum;
                });
          }
          for (int tap = 0; tap < taps; tap++) {
            slots.get(0).gradient.data.put(task * taps + tap, (float) sums[tap]);
          }
        });
  }

  private void backToBias(Block gradient) {
    int space = gradient.space();
    float[] plane = new float[space];
    for (int o = 0; o < gradient.size(1); o++) {
      double sum = 0;
      for (int n = 0; n < gradient.size(0); n++) {
        gradient.data.get((n * gradient.size(1) + o) * space, plane);
        for (float v : plane) sum += v;
      }
      slots.get(1).gradient.data.put(o, (float) sum);
    }
  }
}
