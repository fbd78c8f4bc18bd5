package sc.fiji.spyhop.image;

/** Gaussian smoothing of planes of floats, row-major. */
public final class GaussianBlur {

  private GaussianBlur() {}

  /**
   * The plane smoothed, kernel cut at four standard deviations, plane mirrored at its edges (edge
   * pixels repeated).
   *
   * @param sigma standard deviation in pixels; 0 copies
   */
  public static float[] of(float[] plane, int w, int h, double sigma) {
    if (sigma == 0) return plane.clone();
    int radius = (int) (4 * sigma + 0.5);
    double[] kernel = new double[radius + 1];
    double sum = 0;
    for (int k = 0; k <= radius; k++) {
      kernel[k] = Math.exp(-0.5 * k * k / (sigma * sigma));
      sum += k == 0 ? kernel[k] : 2 * kernel[k];
    }
    for (int k = 0; k <= radius; k++) kernel[k] /= sum;
    float[] out = new float[plane.length];
    smoothColumns(plane, out, w, h, kernel);
    smoothRows(out, w, h, kernel);
    return out;
  }

  /** Along columns, a row at a time, which is how the plane lies in memory. */
  private static void smoothColumns(float[] in, float[] out, int w, int h, double[] kernel) {
    double[] sums = new double[w];
    for (int y = 0; y < h; y++) {
      int row = y * w;
      for (int x = 0; x < w; x++) sums[x] = kernel[0] * in[row + x];
      for (int k = kernel.length - 1; k > 0; k--) {
        int above = mirror(y - k, h) * w;
        int below = mirror(y + k, h) * w;
        double weight = kernel[k];
        for (int x = 0; x < w; x++) {
          sums[x] += weight * ((double) in[above + x] + in[below + x]);
        }
      }
      for (int x = 0; x < w; x++) out[row + x] = (float) sums[x];
    }
  }

  /** Along rows, in place. */
  private static void smoothRows(float[] plane, int w, int h, double[] kernel) {
    int radius = kernel.length - 1;
    double[] line = new double[w + 2 * radius];
    for (int y = 0; y < h; y++) {
      int row = y * w;
      for (int x = 0; x < w; x++) line[radius + x] = plane[row + x];
      for (int k = 1; k <= radius; k++) {
        line[radius - k] = plane[row + mirror(-k, w)];
        line[radius + w - 1 + k] = plane[row + mirror(w - 1 + k, w)];
      }
      for (int x = 0; x < w; x++) {
        int c = x + radius;
        double sum = kernel[0] * line[c];
        for (int k = radius; k > 0; k--) sum += kernel[k] * (line[c - k] + line[c + k]);
        plane[row + x] = (float) sum;
      }
    }
  }

  private static int mirror(int k, int length) {
    int period = 2 * length;
    int m = Math.floorMod(k, period);
    return m < length ? m : period - 1 - m;
  }
}
