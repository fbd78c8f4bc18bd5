package sc.fiji.spyhop.task.decode;

import java.util.Arrays;

/** Peaks of planes of floats, row-major. */
public final class Landscapes {

  private Landscapes() {}

  /**
   * Greyscale reconstruction by dilation over 8 neighbours (Vincent 1993, hybrid algorithm): the
   * marker spreads under the mask.
   *
   * @param marker nowhere above the mask; changed in place
   */
  public static void reconstruct(float[] marker, float[] mask, int w, int h) {
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++, i++) {
        float v = marker[i];
        if (x > 0) v = Math.max(v, marker[i - 1]);
        if (y > 0) {
          v = Math.max(v, marker[i - w]);
          if (x > 0) v = Math.max(v, marker[i - w - 1]);
          if (x < w - 1) v = Math.max(v, marker[i - w + 1]);
        }
        marker[i] = Math.min(v, mask[i]);
      }
    }
    int[] queue = new int[1024];
    int tail = 0;
    for (int y = h - 1, i = w * h - 1; y >= 0; y--) {
      for (int x = w - 1; x >= 0; x--, i--) {
        float v = marker[i];
        if (x < w - 1) v = Math.max(v, marker[i + 1]);
        if (y < h - 1) {
          v = Math.max(v, marker[i + w]);
          if (x > 0) v = Math.max(v, marker[i + w - 1]);
          if (x < w - 1) v = Math.max(v, marker[i + w + 1]);
        }
        v = Math.min(v, mask[i]);
        marker[i] = v;
        if (x < w - 1 && below(marker, mask, i + 1, v)
            || y < h - 1
                && (below(marker, mask, i + w, v)
                    || x > 0 && below(marker, mask, i + w - 1, v)
                    || x < w - 1 && below(marker, mask, i + w + 1, v))) {
          if (tail == queue.length) queue = Arrays.copyOf(queue, 2 * tail);
          queue[tail++] = i;
        }
      }
    }
    for (int head = 0; head < tail; head++) {
      int i = queue[head];
      int y = i / w;
      int x = i - y * w;
      float v = marker[i];
      for (int dy = y > 0 ? -1 : 0; dy <= (y < h - 1 ? 1 : 0); dy++) {
        for (int dx = x > 0 ? -1 : 0; dx <= (x < w - 1 ? 1 : 0); dx++) {
          int j = i + dy * w + dx;
          if (below(marker, mask, j, v)) {
            marker[j] = Math.min(v, mask[j]);
            if (tail == queue.length) queue = Arrays.copyOf(queue, 2 * tail);
            queue[tail++] = j;
          }
        }
      }
    }
  }

  private static boolean below(float[] marker, float[] mask, int i, float v) {
    return marker[i] < v && marker[i] < mask[i];
  }

  /**
   * Tops of peaks that rise by at least a height above the saddle to any higher one: what stands
   * out by nearly that height when the plane is reconstructed from itself lowered by it.
   *
   * @param height positive
   */
  public static boolean[] peaks(float[] plane, int w, int h, double height) {
    float[] marker = new float[plane.length];
    for (int i = 0; i < marker.length; i++) marker[i] = plane[i] - (float) height;
    reconstruct(marker, plane, w, h);
    boolean[] peaks = new boolean[plane.length];
    float enough = (float) (height * 0.999);
    for (int i = 0; i < peaks.length; i++) peaks[i] = plane[i] - marker[i] > enough;
    return peaks;
  }
}
