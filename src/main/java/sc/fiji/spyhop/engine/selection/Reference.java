package sc.fiji.spyhop.engine.selection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * What every layer computes, written down from its definition in plain Java: slow loops in double
 * precision, without dropout. Engines are compared with it.
 */
public final class Reference implements Layer.Visitor<Reference.Map4> {

  private final Map<String, Map4> maps;
  private final Map<String, double[]> weights;
  private final boolean training;

  /** Values [N, C, H, W]; vectors have H = W = 1 and {@code vector}. */
  public record Map4(int n, int c, int h, int w, boolean vector, double[] v) {
    Map4(int n, int c, int h, int w, boolean vector) {
      this(n, c, h, w, vector, new double[n * c * h * w]);
    }

    double at(int i, int k, int y, int x) {
      return v[((i * c + k) * h + y) * w + x];
    }

    void add(int i, int k, int y, int x, double value) {
      v[((i * c + k) * h + y) * w + x] += value;
    }

    /** One channel counts for all channels, one place for all places. */
    double spread(int i, int k, int y, int x) {
      return at(i, c == 1 ? 0 : k, h * w == 1 ? 0 : y, h * w == 1 ? 0 : x);
    }

    boolean inside(int y, int x) {
      return y >= 0 && x >= 0 && y < h && x < w;
    }

    /** Rounded to single precision, NCHW or NC. */
    public Tensor tensor() {
      float[] f = new float[v.length];
      for (int i = 0; i < f.length; i++) f[i] = (float) v[i];
      return vector
          ? new Tensor(Axes.NC, new int[] {n, c}, f)
          : new Tensor(Axes.NCHW, new int[] {n, c, h, w}, f);
    }
  }

  private Reference(Map<String, Map4> maps, Map<String, double[]> weights, boolean training) {
    this.maps = maps;
    this.weights = weights;
    this.training = training;
  }

  /**
   * Activations of all layers of a network, as in prediction.
   *
   * @param inputs by input name, NCHW or NC
   * @return by layer and input, rounded to single precision
   */
  public static Map<String, Tensor> activations(
      Network network, Weights weights, Map<String, Tensor> inputs) {
    Map<String, Map4> in = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> in.put(name, of(tensor)));
    Map<String, Tensor> out = new LinkedHashMap<>();
    run(network, doubles(weights), in, false).forEach((name, map) -> out.put(name, map.tensor()));
    return out;
  }

  /** The same values; NCHW or NC. */
  public static Map4 of(Tensor t) {
    boolean vector = t.rank() == 2;
    return new Map4(
        t.size(0), t.size(1), vector ? 1 : t.size(2), vector ? 1 : t.size(3), vector, values(t));
  }

  /** Values of each parameter, by name. */
  public static Map<String, double[]> doubles(Weights weights) {
    Map<String, double[]> all = new LinkedHashMap<>();
    weights.tensors().forEach((name, t) -> all.put(name, values(t)));
    return all;
  }

  private static double[] values(Tensor t) {
    double[] v = new double[t.length()];
    for (int i = 0; i < v.length; i++) v[i] = t.data()[i];
    return v;
  }

  /**
   * Activations of all layers, and the inputs.
   *
   * @param weights by the parameter's name, in the order of its axes
   * @param training whether batch norm takes the statistics of the batch
   */
  public static Map<String, Map4> run(
      Network network, Map<String, double[]> weights, Map<String, Map4> inputs, boolean training) {
    Map<String, Map4> maps = new LinkedHashMap<>(inputs);
    for (Layer layer : network.layers()) {
      maps.put(layer.name(), layer.accept(new Reference(maps, weights, training)));
    }
    return maps;
  }

  private Map4 in(Layer layer) {
    return maps.get(layer.input());
  }

  /** Number of windows, and padding before and after. */
  private static int[] window(Padding padding, int axis, int in, int k, int s, int d) {
    int extent = (k - 1) * d + 1;
    if (padding instanceof Padding.Explicit e) {
      int before = e.before().get(axis);
      int after = e.after().get(axis);
      return new int[] {(before + in + after - extent) / s + 1, before, after};
    }
    if (padding == Padding.VALID) return new int[] {(in - extent) / s + 1, 0, 0};
    int out = (in + s - 1) / s;
    return new int[] {out, Math.max(0, (out - 1) * s + extent - in) / 2, 0};
  }

  @Override
  public Map4 visit(Convolution l) {
    Map4 x = in(l);
    double[] w = weights.get(l.name() + ".weight");
    int kh = l.kernel().get(0);
    int kw = l.kernel().get(1);
    int dy = l.dilation().get(0);
    int dx = l.dilation().get(1);
    int[] wy = window(l.padding(), 0, x.h, kh, l.stride().get(0), dy);
    int[] wx = window(l.padding(), 1, x.w, kw, l.stride().get(1), dx);
    int sy = l.stride().get(0);
    int sx = l.stride().get(1);
    int part = x.c / l.groups();
    Map4 y = new Map4(x.n, l.filters(), wy[0], wx[0], false);
    double[] bias = l.bias() ? weights.get(l.name() + ".bias") : new double[y.c];
    for (int n = 0; n < x.n; n++)
      for (int o = 0; o < y.c; o++) {
        int from = o * l.groups() / y.c * part;
        for (int i = 0; i < y.h; i++)
          for (int j = 0; j < y.w; j++) {
            double sum = bias[o];
            for (int c = 0; c < part; c++)
              for (int p = 0; p < kh; p++) {
                int r = i * sy + p * dy - wy[1];
                if (r < 0 || r >= x.h) continue;
                int row = ((n * x.c + from + c) * x.h + r) * x.w;
                int kernel = ((o * part + c) * kh + p) * kw;
                for (int q = 0; q < kw; q++) {
                  int s = j * sx + q * dx - wx[1];
                  if (s >= 0 && s < x.w) sum += x.v[row + s] * w[kernel + q];
                }
              }
            y.add(n, o, i, j, sum);
          }
      }
    return y;
  }

  @Override
  public Map4 visit(TransposedConvolution l) {
    Map4 x = in(l);
    double[] w = weights.get(l.name() + ".weight");
    int kh = l.kernel().get(0);
    int kw = l.kernel().get(1);
    int sy = l.stride().get(0);
    int sx = l.stride().get(1);
    int h = (x.h - 1) * sy + kh;
    int width = (x.w - 1) * sx + kw;
    int top = 0;
    int left = 0;
    if (l.padding() == Padding.SAME) {
      h = x.h * sy;
      width = x.w * sx;
      top = Math.max(0, kh - sy) / 2;
      left = Math.max(0, kw - sx) / 2;
    } else if (l.padding() instanceof Padding.Explicit e) {
      top = e.before().get(0);
      left = e.before().get(1);
      h -= top + e.after().get(0);
      width -= left + e.after().get(1);
    }
    Map4 y = new Map4(x.n, l.filters(), h, width, false);
    double[] bias = l.bias() ? weights.get(l.name() + ".bias") : new double[y.c];
    for (int n = 0; n < x.n; n++)
      for (int o = 0; o < y.c; o++) {
        for (int i = 0; i < y.h; i++) for (int j = 0; j < y.w; j++) y.add(n, o, i, j, bias[o]);
        for (int c = 0; c < x.c; c++)
          for (int i = 0; i < x.h; i++)
            for (int j = 0; j < x.w; j++)
              for (int p = 0; p < kh; p++)
                for (int q = 0; q < kw; q++) {
                  int r = i * sy + p - top;
                  int s = j * sx + q - left;
                  if (y.inside(r, s)) {
                    y.add(n, o, r, s, x.at(n, c, i, j) * w[((c * y.c + o) * kh + p) * kw + q]);
                  }
                }
      }
    return y;
  }

  @Override
  public Map4 visit(BatchNorm l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, x.h, x.w, x.vector);
    int count = x.n * x.h * x.w;
    for (int c = 0; c < x.c; c++) {
      double mean = weights.get(l.name() + ".running_mean")[c];
      double variance = weights.get(l.name() + ".running_var")[c];
      if (training) {
        mean = 0;
        variance = 0;
        for (int n = 0; n < x.n; n++)
          for (int i = 0; i < x.h; i++)
            for (int j = 0; j < x.w; j++) mean += x.at(n, c, i, j) / count;
        for (int n = 0; n < x.n; n++)
          for (int i = 0; i < x.h; i++)
            for (int j = 0; j < x.w; j++) variance += square(x.at(n, c, i, j) - mean) / count;
      }
      double deviation = Math.sqrt(variance + l.epsilon());
      double g = weights.get(l.name() + ".weight")[c];
      double b = weights.get(l.name() + ".bias")[c];
      for (int n = 0; n < x.n; n++)
        for (int i = 0; i < x.h; i++)
          for (int j = 0; j < x.w; j++) {
            double v = (x.at(n, c, i, j) - mean) / deviation;
            y.add(n, c, i, j, g * v + b);
          }
    }
    return y;
  }

  private static double square(double v) {
    return v * v;
  }

  @Override
  public Map4 visit(Activation l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, x.h, x.w, x.vector);
    for (int n = 0; n < x.n; n++)
      for (int i = 0; i < x.h; i++)
        for (int j = 0; j < x.w; j++) {
          double total = 0;
          if (l.function() == Layer.Function.SOFTMAX) {
            for (int c = 0; c < x.c; c++) total += Math.exp(x.at(n, c, i, j));
          }
          for (int c = 0; c < x.c; c++) {
            double v = x.at(n, c, i, j);
            y.add(
                n,
                c,
                i,
                j,
                switch (l.function()) {
                  case IDENTITY -> v;
                  case RELU -> v > 0 ? v : 0;
                  case LEAKY_RELU -> v > 0 ? v : 0.01 * v;
                  case TANH -> Math.tanh(v);
                  case SIGMOID -> 1 / (1 + Math.exp(-v));
                  case SOFTMAX -> Math.exp(v) / total;
                  case RELU6 -> Math.min(6, Math.max(0, v));
                  case ELU -> v < 0 ? Math.exp(v) - 1 : v;
                  case SWISH -> v / (1 + Math.exp(-v));
                  case HARD_SIGMOID -> Math.min(6, Math.max(0, v + 3)) / 6;
                  case HARD_SWISH -> v * Math.min(6, Math.max(0, v + 3)) / 6;
                  case MISH -> v * Math.tanh(Math.log1p(Math.exp(v)));
                  case GELU -> LayerFormula.parse("gelu(x)").at(new double[] {v})[0];
                });
          }
        }
    return y;
  }

  @Override
  public Map4 visit(Pooling l) {
    Map4 x = in(l);
    int[] wy = window(l.padding(), 0, x.h, l.kernel().get(0), l.stride().get(0), 1);
    int[] wx = window(l.padding(), 1, x.w, l.kernel().get(1), l.stride().get(1), 1);
    if (l.ceilMode()) {
      wy[0] = rounded(wy, x.h, l.kernel().get(0), l.stride().get(0));
      wx[0] = rounded(wx, x.w, l.kernel().get(1), l.stride().get(1));
    }
    Map4 y = new Map4(x.n, x.c, wy[0], wx[0], false);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++)
        for (int i = 0; i < y.h; i++)
          for (int j = 0; j < y.w; j++) {
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int count = 0;
            for (int p = 0; p < l.kernel().get(0); p++)
              for (int q = 0; q < l.kernel().get(1); q++) {
                int r = i * l.stride().get(0) + p - wy[1];
                int s = j * l.stride().get(1) + q - wx[1];
                if (l.countIncludePad() && !x.inside(r, s) && r < x.h + wy[2] && s < x.w + wx[2]) {
                  count++;
                }
                if (!x.inside(r, s)) continue;
                max = Math.max(max, x.at(n, c, r, s));
                sum += x.at(n, c, r, s);
                count++;
              }
            y.add(n, c, i, j, l.kind() == Layer.PoolingKind.MAX ? max : sum / count);
          }
    return y;
  }

  /** Number of windows in ceil mode, as Caffe's pooling layer computes it. */
  private static int rounded(int[] window, int in, int k, int s) {
    int out = (int) Math.ceil((window[1] + in + window[2] - k) / (double) s) + 1;
    return (out - 1) * s >= in + window[1] ? out - 1 : out;
  }

  @Override
  public Map4 visit(GlobalPooling l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, 1, 1, true);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++) {
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < x.h; i++)
          for (int j = 0; j < x.w; j++) {
            max = Math.max(max, x.at(n, c, i, j));
            sum += x.at(n, c, i, j);
          }
        y.add(n, c, 0, 0, l.kind() == Layer.PoolingKind.MAX ? max : sum / (x.h * x.w));
      }
    return y;
  }

  @Override
  public Map4 visit(Upsampling l) {
    Map4 x = in(l);
    int fy = l.factor().get(0);
    int fx = l.factor().get(1);
    Map4 y = new Map4(x.n, x.c, x.h * fy, x.w * fx, false);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++)
        for (int i = 0; i < y.h; i++)
          for (int j = 0; j < y.w; j++) {
            if (l.interpolation() == Layer.Interpolation.NEAREST) {
              y.add(n, c, i, j, x.at(n, c, i / fy, j / fx));
              continue;
            }
            double r = (i + 0.5) / fy - 0.5;
            double s = (j + 0.5) / fx - 0.5;
            for (int a = 0; a < 2; a++)
              for (int b = 0; b < 2; b++) {
                int p = (int) Math.floor(r) + a;
                int q = (int) Math.floor(s) + b;
                double share = (1 - Math.abs(r - p)) * (1 - Math.abs(s - q));
                p = Math.max(0, Math.min(x.h - 1, p));
                q = Math.max(0, Math.min(x.w - 1, q));
                y.add(n, c, i, j, share * x.at(n, c, p, q));
              }
          }
    return y;
  }

  @Override
  public Map4 visit(Dense l) {
    Map4 x = in(l);
    double[] w = weights.get(l.name() + ".weight");
    Map4 y = new Map4(x.n, l.units(), 1, 1, true);
    double[] bias = l.bias() ? weights.get(l.name() + ".bias") : new double[y.c];
    for (int n = 0; n < x.n; n++)
      for (int u = 0; u < y.c; u++) {
        double sum = bias[u];
        for (int c = 0; c < x.c; c++) sum += x.at(n, c, 0, 0) * w[u * x.c + c];
        y.add(n, u, 0, 0, sum);
      }
    return y;
  }

  @Override
  public Map4 visit(Concat l) {
    int channels = l.inputs().stream().mapToInt(i -> maps.get(i).c).sum();
    Map4 x = maps.get(l.input());
    Map4 y = new Map4(x.n, channels, x.h, x.w, x.vector);
    int before = 0;
    for (String name : l.inputs()) {
      Map4 part = maps.get(name);
      for (int n = 0; n < x.n; n++)
        for (int c = 0; c < part.c; c++)
          for (int i = 0; i < x.h; i++)
            for (int j = 0; j < x.w; j++) y.add(n, before + c, i, j, part.at(n, c, i, j));
      before += part.c;
    }
    return y;
  }

  @Override
  public Map4 visit(Add l) {
    return combined(l, 0, Double::sum);
  }

  @Override
  public Map4 visit(Multiply l) {
    return combined(l, 1, (a, b) -> a * b);
  }

  private Map4 combined(Layer l, double start, DoubleBinaryOperator operation) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, x.h, x.w, x.vector);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++)
        for (int i = 0; i < x.h; i++)
          for (int j = 0; j < x.w; j++) {
            double value = start;
            for (String name : l.inputs()) {
              value = operation.applyAsDouble(value, maps.get(name).spread(n, c, i, j));
            }
            y.add(n, c, i, j, value);
          }
    return y;
  }

  @Override
  public Map4 visit(PRelu l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, x.h, x.w, x.vector);
    double[] slopes = weights.get(l.name() + ".weight");
    int h = l.space().isEmpty() ? 1 : l.space().get(0);
    int w = l.space().isEmpty() ? 1 : l.space().get(1);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++)
        for (int i = 0; i < x.h; i++)
          for (int j = 0; j < x.w; j++) {
            double v = x.at(n, c, i, j);
            double slope = slopes[(c * h + i % h) * w + j % w];
            y.add(n, c, i, j, v > 0 ? v : slope * v);
          }
    return y;
  }

  @Override
  public Map4 visit(LocalResponseNorm l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, x.h, x.w, x.vector);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++)
        for (int i = 0; i < x.h; i++)
          for (int j = 0; j < x.w; j++) {
            double sum = 0;
            for (int d = 0; d < x.c; d++) {
              if (Math.abs(d - c) <= (l.size() - 1) / 2) sum += Math.pow(x.at(n, d, i, j), 2);
            }
            double scale = Math.pow(l.k() + l.alpha() / l.size() * sum, l.beta());
            y.add(n, c, i, j, x.at(n, c, i, j) / scale);
          }
    return y;
  }

  @Override
  public Map4 visit(Pad l) {
    Map4 x = in(l);
    int top = l.before().get(0);
    int left = l.before().get(1);
    Map4 y = new Map4(x.n, x.c, top + x.h + l.after().get(0), left + x.w + l.after().get(1), false);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++)
        for (int i = 0; i < y.h; i++)
          for (int j = 0; j < y.w; j++) {
            int r = i - top;
            int s = j - left;
            if (l.mode() == Pad.Mode.ZEROS && !x.inside(r, s)) continue;
            y.add(n, c, i, j, x.at(n, c, inside(l.mode(), r, x.h), inside(l.mode(), s, x.w)));
          }
    return y;
  }

  private static int inside(Pad.Mode mode, int at, int size) {
    if (mode == Pad.Mode.EDGE) return Math.max(0, Math.min(size - 1, at));
    int reflected = Math.abs(at);
    return reflected < size ? reflected : 2 * size - 2 - reflected;
  }

  @Override
  public Map4 visit(Resizing l) {
    Map4 x = in(l);
    int h = x.h * l.factor().get(0) / l.divisor().get(0);
    int w = x.w * l.factor().get(1) / l.divisor().get(1);
    Map4 y = new Map4(x.n, x.c, h, w, false);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++)
        for (int i = 0; i < h; i++)
          for (int j = 0; j < w; j++) {
            if (l.interpolation() == Layer.Interpolation.NEAREST) {
              y.add(n, c, i, j, x.at(n, c, i * x.h / h, j * x.w / w));
              continue;
            }
            double r = place(l, i, x.h, h);
            double s = place(l, j, x.w, w);
            for (int p = 0; p < x.h; p++)
              for (int q = 0; q < x.w; q++) {
                double share = Math.max(0, 1 - Math.abs(r - p)) * Math.max(0, 1 - Math.abs(s - q));
                if (share > 0) y.add(n, c, i, j, share * x.at(n, c, p, q));
              }
          }
    return y;
  }

  private static double place(Resizing l, int at, int from, int to) {
    double place =
        l.alignCorners() ? at * (from - 1.0) / Math.max(1, to - 1) : (at + 0.5) * from / to - 0.5;
    return Math.max(0, Math.min(from - 1, place));
  }

  @Override
  public Map4 visit(SelectChannels l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, l.channels().size(), x.h, x.w, x.vector);
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < y.c; c++)
        for (int i = 0; i < x.h; i++)
          for (int j = 0; j < x.w; j++) y.add(n, c, i, j, x.at(n, l.channels().get(c), i, j));
    return y;
  }

  @Override
  public Map4 visit(PixelShuffle l) {
    Map4 x = in(l);
    int b = l.block();
    boolean enlarges = l.direction() == PixelShuffle.Direction.TO_SPACE;
    Map4 y =
        enlarges
            ? new Map4(x.n, x.c / b / b, x.h * b, x.w * b, false)
            : new Map4(x.n, x.c * b * b, x.h / b, x.w / b, false);
    Map4 large = enlarges ? y : x;
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < large.c; c++)
        for (int i = 0; i < large.h; i++)
          for (int j = 0; j < large.w; j++) {
            int channel = c * b * b + i % b * b + j % b;
            if (enlarges) y.add(n, c, i, j, x.at(n, channel, i / b, j / b));
            else y.add(n, channel, i / b, j / b, x.at(n, c, i, j));
          }
    return y;
  }

  @Override
  public Map4 visit(GroupNorm l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, x.h, x.w, x.vector);
    int size = x.c / l.groups();
    int count = size * x.h * x.w;
    for (int n = 0; n < x.n; n++)
      for (int c = 0; c < x.c; c++) {
        double mean = 0;
        double variance = 0;
        int from = c / size * size;
        for (int k = from; k < from + size; k++)
          for (int i = 0; i < x.h; i++)
            for (int j = 0; j < x.w; j++) mean += x.at(n, k, i, j) / count;
        for (int k = from; k < from + size; k++)
          for (int i = 0; i < x.h; i++)
            for (int j = 0; j < x.w; j++) variance += square(x.at(n, k, i, j) - mean) / count;
        for (int i = 0; i < x.h; i++)
          for (int j = 0; j < x.w; j++) {
            double v = (x.at(n, c, i, j) - mean) / Math.sqrt(variance + l.epsilon());
            y.add(n, c, i, j, ofChannel(l, "weight", c) * v + ofChannel(l, "bias", c));
          }
      }
    return y;
  }

  @Override
  public Map4 visit(LayerNorm l) {
    Map4 x = in(l);
    Map4 y = new Map4(x.n, x.c, x.h, x.w, x.vector);
    for (int n = 0; n < x.n; n++)
      for (int i = 0; i < x.h; i++)
        for (int j = 0; j < x.w; j++) {
          double mean = 0;
          double variance = 0;
          for (int c = 0; c < x.c; c++) mean += x.at(n, c, i, j) / x.c;
          for (int c = 0; c < x.c; c++) variance += square(x.at(n, c, i, j) - mean) / x.c;
          for (int c = 0; c < x.c; c++) {
            double v = (x.at(n, c, i, j) - mean) / Math.sqrt(variance + l.epsilon());
            y.add(n, c, i, j, ofChannel(l, "weight", c) * v + ofChannel(l, "bias", c));
          }
        }
    return y;
  }

  private double ofChannel(Layer layer, String part, int channel) {
    return weights.get(layer.name() + "." + part)[channel];
  }

  @Override
  public Map4 visit(Formula l) {
    LayerFormula formula = l.read();
    List<Map4> in = l.inputs().stream().map(maps::get).toList();
    Map4 y = broadcast(in, formula.channels(in.stream().map(m -> m.c).toList()));
    for (int n = 0; n < y.n; n++)
      for (int i = 0; i < y.h; i++)
        for (int j = 0; j < y.w; j++) {
          double[][] given = new double[in.size()][];
          for (int k = 0; k < given.length; k++) {
            Map4 x = in.get(k);
            given[k] = new double[x.c];
            for (int c = 0; c < x.c; c++) given[k][c] = x.spread(n, c, i, j);
          }
          double[] said = formula.at(given);
          for (int c = 0; c < y.c; c++) y.add(n, c, i, j, said[c]);
        }
    return y;
  }

  /** A map as large as the largest. */
  private static Map4 broadcast(List<Map4> in, int channels) {
    int h = in.stream().mapToInt(m -> m.h).max().orElseThrow();
    int w = in.stream().mapToInt(m -> m.w).max().orElseThrow();
    boolean vector = in.stream().allMatch(m -> m.vector);
    return new Map4(in.get(0).n, channels, h, w, vector);
  }

  /** Nothing but the plugin itself says what it computes. */
  @Override
  public Map4 visit(PluginLayer l) {
    throw new UnsupportedOperationException(l.description());
  }

  @Override
  public Map4 visit(OnnxGraph l) {
    throw l.refused();
  }

  @Override
  public Map4 visit(Dropout l) {
    return in(l);
  }

  @Override
  public Map4 visit(Flatten l) {
    Map4 x = in(l);
    return new Map4(x.n, x.c * x.h * x.w, 1, 1, true, x.v);
  }
}
