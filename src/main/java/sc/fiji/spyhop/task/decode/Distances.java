package sc.fiji.spyhop.task.decode;

/** Exact Euclidean distances in linear time (Felzenszwalb and Huttenlocher 2012). */
public final class Distances {

  /** More than any squared distance in an image. */
  static final double FAR = 1e20;

  private Distances() {}

  /**
   * Distance from the centre of every object pixel to the nearest pixel centre that is not of its
   * object. What lies outside the plane is not of any object. 0 in the background.
   *
   * @param labels 0 for background, otherwise objects 1 to n
   * @param n largest label
   * @param w columns
   * @param h rows
   * @return pixels, row by row
   */
  public static float[] toOutside(int[] labels, int n, int w, int h) {
    float[] distances = new float[labels.length];
    Boxes boxes = Boxes.of(labels, n, w, h);
    for (int label = 1; label <= n; label++) {
      if (boxes.isEmpty(label)) continue;
      int left = boxes.left[label];
      int top = boxes.top[label];
      int bw = boxes.right[label] - left + 3;
      int bh = boxes.bottom[label] - top + 3;
      double[] square = new double[bw * bh];
      for (int y = 1; y < bh - 1; y++) {
        for (int x = 1; x < bw - 1; x++) {
          if (labels[(top + y - 1) * w + left + x - 1] == label) square[y * bw + x] = FAR;
        }
      }
      transform(square, bw, bh);
      for (int y = 1; y < bh - 1; y++) {
        for (int x = 1; x < bw - 1; x++) {
          int i = (top + y - 1) * w + left + x - 1;
          if (labels[i] == label) distances[i] = (float) Math.sqrt(square[y * bw + x]);
        }
      }
    }
    return distances;
  }

  /** Squared distance to the nearest zero, in place; zeros and {@link #FAR} come in. */
  static void transform(double[] square, int w, int h) {
    int longest = Math.max(w, h);
    double[] f = new double[longest];
    int[] v = new int[longest];
    double[] z = new double[longest + 1];
    for (int x = 0; x < w; x++) line(square, x, w, h, f, v, z);
    for (int y = 0; y < h; y++) line(square, y * w, 1, w, f, v, z);
  }

  private static void line(
      double[] square, int start, int step, int length, double[] f, int[] v, double[] z) {
    for (int q = 0; q < length; q++) f[q] = square[start + q * step];
    int k = 0;
    v[0] = 0;
    z[0] = Double.NEGATIVE_INFINITY;
    z[1] = Double.POSITIVE_INFINITY;
    for (int q = 1; q < length; q++) {
      double s = crossing(f, q, v[k]);
      while (s <= z[k]) s = crossing(f, q, v[--k]);
      v[++k] = q;
      z[k] = s;
      z[k + 1] = Double.POSITIVE_INFINITY;
    }
    k = 0;
    for (int q = 0; q < length; q++) {
      while (z[k + 1] < q) k++;
      double d = q - v[k];
      square[start + q * step] = d * d + f[v[k]];
    }
  }

  private static double crossing(double[] f, int q, int p) {
    return (f[q] - f[p] + (double) (q - p) * (q + p)) / (2.0 * (q - p));
  }
}
