package sc.fiji.spyhop.explain;

import java.util.Arrays;
import sc.fiji.spyhop.tensor.Tensor;

/** Images of which there is nothing to be seen. */
final class Fills {

  private static final int PASSES = 3;

  private Fills() {}

  /**
   * Values as many as the image shown has.
   *
   * @param shown [1, channels, height, width]
   * @param acrossColumns what is to be blurred away has at most this width, columns shown
   * @param acrossRows the same for its height
   */
  static float[] of(Fill fill, Tensor shown, double acrossColumns, double acrossRows) {
    float[] values = shown.data().clone();
    int width = shown.size('W');
    int height = shown.size('H');
    int plane = width * height;
    for (int c = 0; c < shown.size('C'); c++) {
      int from = c * plane;
      int to = from + plane;
      switch (fill) {
        case MEAN -> Arrays.fill(values, from, to, mean(values, from, to));
        case GREY -> {
          float min = min(values, from, to);
          Arrays.fill(values, from, to, min + (max(values, from, to) - min) / 2);
        }
        case BLACK -> Arrays.fill(values, from, to, min(values, from, to));
        case BLUR -> {
          int across = radius(acrossColumns);
          int down = radius(acrossRows);
          float[] line = new float[Math.max(width, height)];
          for (int pass = 0; pass < PASSES; pass++) {
            for (int y = 0; y < height; y++) box(values, from + y * width, 1, width, across, line);
            for (int x = 0; x < width; x++) box(values, from + x, width, height, down, line);
          }
        }
      }
    }
    return values;
  }

  private static float mean(float[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) sum += values[i];
    return (float) (sum / (to - from));
  }

  private static float min(float[] values, int from, int to) {
    float min = values[from];
    for (int i = from; i < to; i++) min = Math.min(min, values[i]);
    return min;
  }

  private static float max(float[] values, int from, int to) {
    float max = values[from];
    for (int i = from; i < to; i++) max = Math.max(max, values[i]);
    return max;
  }

  /** Three boxes of half the window are about a Gaussian of a standard deviation of half of it. */
  private static int radius(double window) {
    return (int) Math.max(1, Math.round(window / 2));
  }

  /** Mean over {@code 2 radius + 1} values, fewer at the ends. */
  private static void box(float[] v, int from, int step, int length, int radius, float[] line) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < Math.min(radius, length); i++) {
      sum += v[from + i * step];
      count++;
    }
    for (int i = 0; i < length; i++) {
      if (i + radius < length) {
        sum += v[from + (i + radius) * step];
        count++;
      }
      if (i - radius - 1 >= 0) {
        sum -= v[from + (i - radius - 1) * step];
        count--;
      }
      line[i] = (float) (sum / count);
    }
    for (int i = 0; i < length; i++) v[from + i * step] = line[i];
  }
}
