package sc.fiji.spyhop.task.decode;

/**
 * What label images tell about their objects. Images are row-major arrays of {@code w * h}; 0 is
 * background. Nothing outside the image counts.
 */
public final class Labels {

  private Labels() {}

  /**
   * Pixels, of objects or background, around which two objects come close.
   *
   * @param radius of the square window, {@code 2 radius + 1} wide, that holds pixels of both
   */
  public static boolean[] touching(int[] labels, int w, int h, int radius) {
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
