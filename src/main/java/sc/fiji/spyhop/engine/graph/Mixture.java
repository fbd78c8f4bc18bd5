package sc.fiji.spyhop.engine.graph;

import java.util.Arrays;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Resizing;

/**
 * What values along a row or column are made of: each of one or two values of the input.
 *
 * @param low position of the first in the input; below 0 where there is none, and zero comes out
 * @param high position of the second
 * @param share of the second, the rest being that of the first
 */
record Mixture(int[] low, int[] high, float[] share) {

  static Mixture of(Pad layer, int dimension, int in, int out) {
    int[] low = new int[out];
    for (int i = 0; i < out; i++) low[i] = layer.source(dimension, i, in);
    return new Mixture(low, low, new float[out]);
  }

  static Mixture of(Resizing layer, int dimension, int in, int out) {
    int[] low = new int[out];
    int[] high = new int[out];
    float[] share = new float[out];
    for (int i = 0; i < out; i++) {
      double at = Math.max(0, Math.min(in - 1, layer.source(dimension, i, in)));
      low[i] = (int) at;
      share[i] = (float) (at - low[i]);
      high[i] = Math.min(in - 1, low[i] + 1);
    }
    return new Mixture(low, high, share);
  }

  int length() {
    return low.length;
  }

  /** Makes a row of another. */
  void apply(float[] from, float[] to) {
    for (int i = 0; i < low.length; i++) {
      to[i] =
          low[i] < 0
              ? 0
              : share[i] == 0
                  ? from[low[i]]
                  : (1 - share[i]) * from[low[i]] + share[i] * from[high[i]];
    }
  }

  /** Adds up what values of a row had to do with those of another. */
  void back(float[] gradient, float[] to) {
    Arrays.fill(to, 0);
    for (int i = 0; i < low.length; i++) {
      if (low[i] < 0) continue;
      to[low[i]] += (1 - share[i]) * gradient[i];
      if (share[i] != 0) to[high[i]] += share[i] * gradient[i];
    }
  }
}
