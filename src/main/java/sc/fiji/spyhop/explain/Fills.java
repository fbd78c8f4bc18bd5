package sc.fiji.spyhop.explain;

import java.util.Arrays;
import sc.fiji.spyhop.tensor.Tensor;

/** What is shown in place of what is hidden. */
final class Fills {

  private static final int PASSES = 3;

  private Fills() {}

  /**
   * Values as many as the image shown has.
   *
   * @param shown [1, channels, height, width]
   * @param scaleX pixels of the image per column shown
   * @param scaleY pixels of the image per row shown
   */
  static float[] of(Occlusion occlusion, Tensor shown, double scaleX, double scaleY) {
    float[] fill = shown.data().clone();
    int width = shown.size('W');
    int height = shown.size('H');
    int plane = width * height;
    for (int c = 0; c < shown.size('C'); c++) {
      int from = c * plane;
      switch (occlusion.fill()) {
        case MEAN -> Arrays.fill(fill, from, from + plane, mean(fill, from, from + plane));
        case GREY -> Arrays.fill(fill, from, from + plane, middle(fill, from, from + plane));
        case BLUR -> {
          int across = radius(occlusion.window() / scaleX);
          int down = radius(occlusion.window() / scaleY);
          float[] line = new float[Math.max(width, height)];
          for (int pass = 0; pass < PASSES; pass++) {
            for (int y = 0; y < height; y++) box(fill, from + y * width, 1, width, across, line);
            for (int x = 0; x < width; x++) box(fill, from + x, width, height, down, line);
          }
        }
      }
    }
    return fill;
  }

  private static float mean(float[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) sum += values[i];
    return (float) (sum / (to - from));
  }

  private static float middle(float[] values, int from, int to) {
    float min = values[from];
    float max = min;
    for (int i = from; i < to; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }
    return min + (max - min) / 2;
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
