package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.network.Layer;

/**
 * Loops over off-heap values. Chunks are copied to small arrays on the heap, where the compiler
 * vectorises, and back: the cost is that of reading and writing memory once.
 */
final class Elementwise {

  private static final int CHUNK = 4096;

  private Elementwise() {}

  interface Op1 {
    void apply(float[] a, int n);
  }

  interface Op2 {
    void apply(float[] a, float[] b, int n);
  }

  interface BitOp {
    void apply(int[] a, int[] b, int n);
  }

  /** Replaces values in place. */
  static void update(Block a, Op1 op) {
    Parallel.ranges(
        a.length,
        (from, to) -> {
          float[] x = new float[CHUNK];
          for (int at = from; at < to; at += CHUNK) {
            int n = Math.min(CHUNK, to - at);
            a.data.get(at, x, 0, n);
            op.apply(x, n);
            a.data.put(at, x, 0, n);
          }
        });
  }

  /** Replaces values of {@code a}, looking at {@code b}. */
  static void update(Block a, Block b, Op2 op) {
    Parallel.ranges(
        a.length,
        (from, to) -> {
          float[] x = new float[CHUNK];
          float[] y = new float[CHUNK];
          for (int at = from; at < to; at += CHUNK) {
            int n = Math.min(CHUNK, to - at);
            a.data.get(at, x, 0, n);
            b.data.get(at, y, 0, n);
            op.apply(x, y, n);
            a.data.put(at, x, 0, n);
          }
        });
  }

  /** Replaces the bits of {@code a}, looking at those of {@code b}. */
  static void updateBits(Block a, Block b, BitOp op) {
    Parallel.ranges(
        a.length,
        (from, to) -> {
          int[] x = new int[CHUNK];
          int[] y = new int[CHUNK];
          for (int at = from; at < to; at += CHUNK) {
            int n = Math.min(CHUNK, to - at);
            a.bits.get(at, x, 0, n);
            b.bits.get(at, y, 0, n);
            op.apply(x, y, n);
            a.bits.put(at, x, 0, n);
          }
        });
  }

  /** Applies a function in place. */
  static void apply(Layer.Function function, Block x) {
    switch (function) {
      case IDENTITY -> {}
      case RELU ->
          update(
              x,
              (a, n) -> {
                for (int i = 0; i < n; i++) a[i] = Math.max(a[i], 0f);
              });
      case LEAKY_RELU ->
          update(
              x,
              (a, n) -> {
                for (int i = 0; i < n; i++) a[i] = Math.max(a[i], 0.01f * a[i]);
              });
      case TANH ->
          update(
              x,
              (a, n) -> {
                for (int i = 0; i < n; i++) a[i] = (float) Math.tanh(a[i]);
              });
      case SIGMOID ->
          update(
              x,
              (a, n) -> {
                for (int i = 0; i < n; i++) a[i] = (float) (1 / (1 + Math.exp(-a[i])));
              });
      case SOFTMAX -> channelwise(x, x, Elementwise::softmax);
      default -> throw new AssertionError(function);
    }
  }

  /** Turns the gradient of a function's output {@code y} into that of its input, in place. */
  static void backward(Layer.Function function, Block y, Block gradient) {
    switch (function) {
      case IDENTITY -> {}
      case RELU ->
          updateBits(
              gradient,
              y,
              (g, b, n) -> {
                // -b is negative exactly where the float is positive
                for (int i = 0; i < n; i++) g[i] &= -b[i] >> 31;
              });
      case LEAKY_RELU ->
          update(
              gradient,
              y,
              (g, b, n) -> {
                for (int i = 0; i < n; i++) g[i] *= b[i] > 0 ? 1f : 0.01f;
              });
      case TANH ->
          update(
              gradient,
              y,
              (g, b, n) -> {
                for (int i = 0; i < n; i++) g[i] *= 1 - b[i] * b[i];
              });
      case SIGMOID ->
          update(
              gradient,
              y,
              (g, b, n) -> {
                for (int i = 0; i < n; i++) g[i] *= b[i] * (1 - b[i]);
              });
      case SOFTMAX ->
          channelwise(
              gradient,
              y,
              (g, p, channels, n) -> {
                for (int i = 0; i < n; i++) {
                  float mean = 0;
                  for (int c = 0; c < channels; c++) mean += g[c * n + i] * p[c * n + i];
                  for (int c = 0; c < channels; c++) {
                    g[c * n + i] = p[c * n + i] * (g[c * n + i] - mean);
                  }
                }
              });
      default -> throw new AssertionError(function);
    }
  }

  private static void softmax(float[] x, float[] same, int channels, int n) {
    float[] max = new float[n];
    float[] sum = new float[n];
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < n; i++) max[i] = Math.max(max[i], x[c * n + i]);
    }
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < n; i++) {
        float e = (float) Math.exp(x[c * n + i] - max[i]);
        x[c * n + i] = e;
        sum[i] += e;
      }
    }
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < n; i++) x[c * n + i] /= sum[i];
    }
  }

  /** Work on all channels of some positions: arrays of channels x n. */
  interface ChannelOp {
    void apply(float[] a, float[] b, int channels, int n);
  }

  static void channelwise(Block a, Block b, ChannelOp op) {
    int channels = a.size(1);
    int space = a.space();
    int run = Math.max(1, Math.min(space, 16384 / channels));
    int runs = (space + run - 1) / run;
    Parallel.each(
        a.size(0) * runs,
        a.length,
        task -> {
          int from = task % runs * run;
          int n = Math.min(run, space - from);
          int start = task / runs * channels * space + from;
          float[] x = new float[channels * n];
          float[] y = a == b ? x : new float[channels * n];
          gather(a, start, space, x, channels, n);
          if (a != b) gather(b, start, space, y, channels, n);
          op.apply(x, y, channels, n);
          if (n == space) {
            a.data.put(start, x);
          } else {
            for (int c = 0; c < channels; c++) a.data.put(start + c * space, x, c * n, n);
          }
        });
  }

  private static void gather(Block a, int start, int space, float[] x, int channels, int n) {
    if (n == space) {
      a.data.get(start, x);
    } else {
      for (int c = 0; c < channels; c++) a.data.get(start + c * space, x, c * n, n);
    }
  }
}
