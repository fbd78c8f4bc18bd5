package sc.fiji.spyhop.task.metrics;

/**
 * How like a true image another is, by the definitions of scikit-image ({@code skimage.metrics})
 * with its defaults.
 *
 * @param psnr peak signal-to-noise ratio in decibels, {@code 10 log10(range² / mse)}; infinite for
 *     equal images
 * @param ssim structural similarity (Wang et al. 2004), at most 1: means over windows of 7 by 7
 *     pixels that lie inside, sample covariance, constants of 0.01 and 0.03, mean over channels;
 *     NaN for images of fewer than 7 columns or rows
 * @param nrmse root of the mean squared error, divided by that of the true image against 0
 */
public record ImageSimilarity(double psnr, double ssim, double nrmse) {

  private static final int WINDOW = 7;

  /**
   * An image beside the true one, both channel by channel, row by row.
   *
   * @param channels of both, at least 1
   * @param width columns
   * @param range of values that a true image can have, above 0, which PSNR and SSIM are relative
   *     to; NaN for the distance of the largest and the smallest value of this one
   * @return of a true image of one value, whose own range would be 0: NaN for PSNR and SSIM
   */
  public static ImageSimilarity of(
      float[] truth, float[] image, int channels, int width, double range) {
    double squares = 0;
    double power = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < truth.length; i++) {
      double error = (double) image[i] - truth[i];
      squares += error * error;
      power += (double) truth[i] * truth[i];
      low = Math.min(low, truth[i]);
      high = Math.max(high, truth[i]);
    }
    double mse = squares / truth.length;
    double peak = Double.isNaN(range) ? high - low : range;
    double nrmse = power == 0 ? Double.NaN : Math.sqrt(squares / power);
    if (!(peak > 0)) return new ImageSimilarity(Double.NaN, Double.NaN, nrmse);
    double ssim = 0;
    int plane = truth.length / channels;
    for (int c = 0; c < channels; c++) {
      ssim += ssim(truth, image, c * plane, width, plane / width, peak) / channels;
    }
    return new ImageSimilarity(10 * Math.log10(peak * peak / mse), ssim, nrmse);
  }

  private static double ssim(
      float[] truth, float[] image, int first, int width, int height, double range) {
    int columns = width - WINDOW + 1;
    int rows = height - WINDOW + 1;
    if (columns < 1 || rows < 1) return Double.NaN;
    double c1 = 0.01 * range * (0.01 * range);
    double c2 = 0.03 * range * (0.03 * range);
    double n = WINDOW * WINDOW;
    double sample = n / (n - 1);
    double all = 0;
    // sums of x, y, xx, yy and xy over seven rows of each column, moved down row by row; values are
    // taken from the first one, so that little is lost where squares are large
    double x0 = truth[first];
    double y0 = image[first];
    double[][] sums = new double[5][width];
    for (int y = 0; y < height; y++) {
      add(sums, truth, image, first + y * width, x0, y0, 1);
      if (y >= WINDOW) add(sums, truth, image, first + (y - WINDOW) * width, x0, y0, -1);
      if (y < WINDOW - 1) continue;
      for (int x = 0; x < columns; x++) {
        double[] m = new double[5];
        for (int k = 0; k < 5; k++) {
          for (int i = 0; i < WINDOW; i++) m[k] += sums[k][x + i];
          m[k] /= n;
        }
        double vx = sample * (m[2] - m[0] * m[0]);
        double vy = sample * (m[3] - m[1] * m[1]);
        double vxy = sample * (m[4] - m[0] * m[1]);
        double ux = m[0] + x0;
        double uy = m[1] + y0;
        all += (2 * ux * uy + c1) * (2 * vxy + c2) / ((ux * ux + uy * uy + c1) * (vx + vy + c2));
      }
    }
    return all / ((double) columns * rows);
  }

  private static void add(
      double[][] sums, float[] truth, float[] image, int at, double x0, double y0, int sign) {
    for (int i = 0; i < sums[0].length; i++) {
      double x = truth[at + i] - x0;
      double y = image[at + i] - y0;
      sums[0][i] += sign * x;
      sums[1][i] += sign * y;
      sums[2][i] += sign * x * x;
      sums[3][i] += sign * y * y;
      sums[4][i] += sign * x * y;
    }
  }
}
