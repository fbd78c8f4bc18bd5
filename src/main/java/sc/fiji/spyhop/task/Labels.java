package sc.fiji.spyhop.task;

import java.util.Arrays;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * What label images tell about their objects. Images are row-major arrays of {@code w * h}; 0 is
 * background. Nothing outside the image counts.
 */
final class Labels {

  private Labels() {}

  /**
   * Numbers the connected pieces (8 neighbours) of all labels by their first pixel.
   *
   * @param pieces receives 1, 2 ..., 0 for background
   * @return how many
   */
  static int pieces(LabelMap map, int[] pieces) {
    int w = map.width();
    int h = map.height();
    int[] stack = new int[256];
    int n = 0;
    for (int start = 0; start < pieces.length; start++) {
      int label = map.get(start);
      if (label == 0 || pieces[start] != 0) continue;
      pieces[start] = ++n;
      int size = 0;
      stack[size++] = start;
      while (size > 0) {
        int i = stack[--size];
        int y = i / w;
        int x = i - y * w;
        if (size + 8 > stack.length) stack = Arrays.copyOf(stack, 2 * stack.length);
        for (int dy = y > 0 ? -1 : 0; dy <= (y < h - 1 ? 1 : 0); dy++) {
          for (int dx = x > 0 ? -1 : 0; dx <= (x < w - 1 ? 1 : 0); dx++) {
            int j = i + dy * w + dx;
            if (pieces[j] == 0 && map.get(j) == label) {
              pieces[j] = n;
              stack[size++] = j;
            }
          }
        }
      }
    }
    return n;
  }

  /**
   * Pixels, of objects or background, around which two objects come close.
   *
   * @param radius of the square window, {@code 2 radius + 1} wide, that holds pixels of both
   */
  static boolean[] touching(int[] labels, int w, int h, int radius) {
    int[] low = new int[labels.length];
    for (int i = 0; i < low.length; i++) low[i] = labels[i] == 0 ? Integer.MAX_VALUE : labels[i];
    int[] high = labels.clone();
    boolean[] touching = new boolean[labels.length];
    extremes(low, high, w, h, radius, 1, w);
    extremes(low, high, h, w, radius, w, 1);
    for (int i = 0; i < touching.length; i++) touching[i] = high[i] > 0 && low[i] != high[i];
    return touching;
  }

  /** Running minimum and maximum along lines, in place. */
  private static void extremes(
      int[] low, int[] high, int length, int lines, int radius, int step, int stride) {
    int[] l = new int[length];
    int[] h = new int[length];
    for (int line = 0; line < lines; line++) {
      int start = line * stride;
      for (int k = 0; k < length; k++) {
        l[k] = low[start + k * step];
        h[k] = high[start + k * step];
      }
      for (int k = 0; k < length; k++) {
        int min = l[k];
        int max = h[k];
        int end = Math.min(length - 1, k + radius);
        for (int j = Math.max(0, k - radius); j <= end; j++) {
          min = Math.min(min, l[j]);
          max = Math.max(max, h[j]);
        }
        low[start + k * step] = min;
        high[start + k * step] = max;
      }
    }
  }
}
