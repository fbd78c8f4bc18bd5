package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.network.Layer;

/** The vocabulary of layers, compiled for planes. */
final class Nodes {

  private Nodes() {}

  static Node of(Layer layer, int number, boolean frozen) {
    if (layer instanceof Layer.Convolution l) {
      checkPlane(l, l.kernel().size());
      return new Convolution(l);
    }
    if (layer instanceof Layer.TransposedConvolution l) {
      checkPlane(l, l.kernel().size());
      return new TransposedConvolution(l);
    }
    if (layer instanceof Layer.Pooling l) {
      checkPlane(l, l.kernel().size());
      return new Pooling(l);
    }
    if (layer instanceof Layer.Upsampling l) {
      checkPlane(l, l.factor().size());
      return new Upsampling(l);
    }
    if (layer instanceof Layer.BatchNorm l) return new BatchNorm(l, frozen);
    if (layer instanceof Layer.Activation l) return new Activation(l);
    if (layer instanceof Layer.GlobalPooling l) return new GlobalPooling(l);
    if (layer instanceof Layer.Dense l) return new Dense(l);
    if (layer instanceof Layer.Dropout l) return new Dropout(l, number);
    if (layer instanceof Layer.Concat) return new Concat();
    if (layer instanceof Layer.Add) return new Add();
    if (layer instanceof Layer.Flatten) return new Flatten();
    throw new AssertionError(layer);
  }

  private static void checkPlane(Layer layer, int rank) {
    if (rank != 2) {
      throw new SpyhopException(
          "layer "
              + layer.name()
              + ": expected two spatial dimensions, received "
              + rank
              + "; this engine works on planes");
    }
  }

  private static void exec(String op, INDArray[] in, INDArray[] out, int... arguments) {
    Nd4j.exec(
        DynamicCustomOp.builder(op)
            .addInputs(in)
            .addOutputs(out)
            .addIntegerArguments(arguments)
            .build());
  }

  /** Kernel and, if there is one, bias, with a common way to call ND4J's operations. */
  private abstract static class Weighted extends Node {

    private final String op;
    private final int[] arguments;
    private final boolean oneDnn;

    Weighted(String op, int[] arguments, boolean oneDnn) {
      this.op = op;
      this.arguments = arguments;
      this.oneDnn = oneDnn;
    }

    @Override
    boolean needsInput() {
      return true;
    }

    private boolean hasBias() {
      return slots.size() > 1;
    }

    private void run(String name, INDArray[] in, INDArray[] out) {
      if (oneDnn) {
        exec(name, in, out, arguments);
      } else {
        NativeLibrary.withoutOneDnn(() -> exec(name, in, out, arguments));
      }
    }

    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      INDArray x = in[0].array;
      INDArray w = slots.get(0).value.array;
      INDArray[] all =
          hasBias() ? new INDArray[] {x, w, slots.get(1).value.array} : new INDArray[] {x, w};
      run(op, all, new INDArray[] {out.array});
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      Block gx = inGradients[0] != null ? inGradients[0] : pool.take(in[0].shape());
      Block gw = gradientOf(slots.get(0), pool);
      INDArray x = in[0].array;
      INDArray w = slots.get(0).value.array;
      if (hasBias()) {
        Block gb = gradientOf(slots.get(1), pool);
        INDArray b = slots.get(1).value.array;
        run(
            op + "_bp",
            new INDArray[] {x, w, b, gradient.array},
            new INDArray[] {gx.array, gw.array, gb.array});
        if (!slots.get(1).isTrained()) pool.give(gb);
      } else {
        run(op + "_bp", new INDArray[] {x, w, gradient.array}, new INDArray[] {gx.array, gw.array});
      }
      if (!slots.get(0).isTrained()) pool.give(gw);
      if (inGradients[0] == null) pool.give(gx);
    }

    private static Block gradientOf(Slot slot, BlockPool pool) {
      return slot.isTrained() ? slot.gradient : pool.take(slot.value.shape());
    }
  }

  private static int[] arguments(
      int[] kernel, int[] stride, int[] dilation, Layer.Padding padding) {
    int same = padding == Layer.Padding.SAME ? 1 : 0;
    return new int[] {
      kernel[0], kernel[1], stride[0], stride[1], 0, 0, dilation[0], dilation[1], same, 0, 1
    };
  }

  private static final class Convolution extends Weighted {
    Convolution(Layer.Convolution l) {
      super(
          "conv2d",
          arguments(ints(l.kernel()), ints(l.stride()), ints(l.dilation()), l.padding()),
          l.dilation().stream().allMatch(d -> d == 1));
    }
  }

  private static final class TransposedConvolution extends Weighted {
    TransposedConvolution(Layer.TransposedConvolution l) {
      super(
          "deconv2d",
          arguments(ints(l.kernel()), ints(l.stride()), new int[] {1, 1}, l.padding()),
          true);
    }
  }

  private static final class Dense extends Node {

    private final Layer.Dense layer;

    Dense(Layer.Dense layer) {
      this.layer = layer;
    }

    @Override
    boolean needsInput() {
      return true;
    }

    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      matmul(in[0], slots.get(0).value, out, 0, 1);
      if (layer.bias()) {
        float[] bias = new float[layer.units()];
        float[] row = new float[layer.units()];
        slots.get(1).value.data.get(0, bias);
        for (int n = 0; n < out.size(0); n++) {
          out.data.get(n * row.length, row);
          for (int i = 0; i < row.length; i++) row[i] += bias[i];
          out.data.put(n * row.length, row);
        }
      }
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      if (inGradients[0] != null) matmul(gradient, slots.get(0).value, inGradients[0], 0, 0);
      if (slots.get(0).isTrained()) matmul(gradient, in[0], slots.get(0).gradient, 1, 0);
      if (layer.bias() && slots.get(1).isTrained()) {
        float[] sum = new float[layer.units()];
        float[] row = new float[layer.units()];
        for (int n = 0; n < gradient.size(0); n++) {
          gradient.data.get(n * row.length, row);
          for (int i = 0; i < row.length; i++) sum[i] += row[i];
        }
        slots.get(1).gradient.data.put(0, sum);
      }
    }

    private static void matmul(Block a, Block b, Block out, int transposeA, int transposeB) {
      exec(
          "matmul",
          new INDArray[] {a.array, b.array},
          new INDArray[] {out.array},
          transposeA,
          transposeB,
          0);
    }
  }

  private static final class Activation extends Node {

    private final Layer.Function function;

    Activation(Layer.Activation layer) {
      function = layer.function();
    }

    @Override
    boolean worksInPlace() {
      return true;
    }

    @Override
    boolean needsOutput() {
      return true;
    }

    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      if (in[0] != out) out.copyFrom(in[0]);
      Elementwise.apply(function, out);
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      Elementwise.backward(function, out, gradient);
    }
  }

  private static final class Dropout extends Node {

    private final double rate;
    private final long number;

    Dropout(Layer.Dropout layer, int number) {
      rate = layer.rate();
      this.number = number;
    }

    @Override
    boolean worksInPlace() {
      return true;
    }

    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      if (in[0] != out) out.copyFrom(in[0]);
      apply(out, mode);
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      apply(gradient, mode);
    }

    /** Each value's fate hangs on seed, layer and position alone, so that it can be repeated. */
    private void apply(Block block, Mode mode) {
      if (!mode.training() || rate == 0) return;
      long seed = mix(mode.dropoutSeed() + number * 0x9e3779b97f4a7c15L);
      float scale = (float) (1 / (1 - rate));
      Parallel.ranges(
          block.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              double u = (mix(seed + i * 0x9e3779b97f4a7c15L) >>> 11) * 0x1p-53;
              block.data.put(i, u < rate ? 0 : block.data.get(i) * scale);
            }
          });
    }
  }

  /** The finaliser of SplitMix64. */
  static long mix(long h) {
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }

  private static final class Flatten extends Node {
    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      out.copyFrom(in[0]);
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      if (inGradients[0] != null) inGradients[0].copyFrom(gradient);
    }
  }

  private static final class Add extends Node {
    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      out.copyFrom(in[0]);
      for (int i = 1; i < in.length; i++) out.add(in[i]);
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      for (Block g : inGradients) if (g != null) g.copyFrom(gradient);
    }
  }

  private static final class Concat extends Node {

    private int[] channels;

    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      channels = Arrays.stream(in).mapToInt(b -> b.size(1)).toArray();
      copy(in, out, true);
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      copy(inGradients, gradient, false);
    }

    private void copy(Block[] parts, Block whole, boolean join) {
      int samples = whole.size(0);
      int space = whole.space();
      int total = whole.size(1);
      Parallel.each(
          samples * parts.length,
          whole.length,
          task -> {
            int n = task / parts.length;
            int k = task % parts.length;
            if (parts[k] == null) return;
            int before = 0;
            for (int i = 0; i < k; i++) before += channels[i];
            int at = (n * total + before) * space;
            int length = channels[k] * space;
            if (join) {
              whole.data.put(at, parts[k].data, n * length, length);
            } else {
              parts[k].data.put(n * length, whole.data, at, length);
            }
          });
    }
  }

  private static final class GlobalPooling extends Node {

    private final boolean max;
    private int[] shape;

    GlobalPooling(Layer.GlobalPooling layer) {
      max = layer.kind() == Layer.PoolingKind.MAX;
    }

    @Override
    boolean needsInput() {
      return max;
    }

    @Override
    void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
      int space = in[0].space();
      Parallel.each(
          out.length,
          in[0].length,
          i -> {
            float[] plane = new float[space];
            in[0].data.get(i * space, plane);
            if (max) {
              out.data.put(i, plane[argMax(plane)]);
            } else {
              double sum = 0;
              for (float v : plane) sum += v;
              out.data.put(i, (float) (sum / space));
            }
          });
    }

    private static int argMax(float[] plane) {
      int best = 0;
      for (int j = 1; j < plane.length; j++) if (plane[j] > plane[best]) best = j;
      return best;
    }

    @Override
    void backward(
        Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
      if (inGradients[0] == null) return;
      int space = inGradients[0].space();
      Parallel.each(
          gradient.length,
          inGradients[0].length,
          i -> {
            float[] plane = new float[space];
            if (max) {
              in[0].data.get(i * space, plane);
              int best = argMax(plane);
              Arrays.fill(plane, 0);
              plane[best] = gradient.data.get(i);
            } else {
              Arrays.fill(plane, gradient.data.get(i) / space);
            }
            inGradients[0].data.put(i * space, plane);
          });
    }
  }

  private static final class Pooling extends Node {

    private final boolean max;
    private final int[] kernel;
    private final int[] stride;
    private final boolean same;

    Pooling(Layer.Pooling l) {
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

  private static final class Upsampling extends Node {

    private final int fy;
    private final int fx;
    private final boolean bilinear;

    Upsampling(Layer.Upsampling l) {
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

  private static final class BatchNorm extends Node {

    private final Layer.BatchNorm layer;
    private final boolean frozen;
    private final float[] mean;
    private final float[] inverse;
    private double[] batchMean = {};
    private double[] batchVariance = {};

    BatchNorm(Layer.BatchNorm layer, boolean frozen) {
      this.layer = layer;
      this.frozen = frozen;
      mean = new float[layer.channels()];
      inverse = new float[layer.channels()];
    }

    @Override
    boolean needsInput() {
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
    void commit() {
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
}
