package sc.fiji.spyhop.generate.style;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Keeps the colours of a photograph (Gatys, Bethge, Hertzmann and Shechtman 2016, Preserving Color
 * in Neural Artistic Style Transfer). Values are red, green and blue from 0 to 1, each row by row.
 */
final class OtherColors {

  /** Of red, green and blue, as in NTSC's YIQ. */
  private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

  /** Variance below which a direction of colours is taken for one that does not occur. */
  private static final double FLAT = 1e-8;

  private OtherColors() {}

  /** The luminance in all three colours. */
  static float[] grey(float... rgb) {
    int n = rgb.length / 3;
    float[] grey = new float[rgb.length];
    for (int i = 0; i < n; i++) {
      float y =
          (float)
              (LUMINANCE[0] * rgb[i] + LUMINANCE[1] * rgb[n + i] + LUMINANCE[2] * rgb[2 * n + i]);
      grey[i] = y;
      grey[n + i] = y;
      grey[2 * n + i] = y;
    }
    return grey;
  }

  /**
   * The luminance of one image with the chrominances of another.
   *
   * @param bright whose luminance it is
   * @param colored of the same size
   */
  static float[] luminance(float[] bright, float... colored) {
    int n = bright.length / 3;
    float[] own = grey(bright);
    float[] other = grey(colored);
    float[] all = new float[bright.length];
    // a change of luminance alone changes red, green and blue alike
    for (int c = 0; c < 3; c++) {
      for (int i = c * n; i < (c + 1) * n; i++) all[i] = colored[i] + own[i] - other[i];
    }
    return all;
  }

  /**
   * An image with the mean and the covariance of the colours of another: each colour x becomes A (x
   * - mean) + other mean, A being the root of the other covariance times the inverse root of its
   * own.
   *
   * @param values three channels, or grey in all three
   * @param like whose colours it gets, of any size
   */
  static float[] matched(float[] values, float... like) {
    double[] mean = mean(values);
    double[] goal = mean(like);
    RealMatrix a =
        power(covariance(like, goal), 0.5).multiply(power(covariance(values, mean), -0.5));
    int n = values.length / 3;
    float[] out = new float[values.length];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 3; c++) {
        double sum = goal[c];
        for (int k = 0; k < 3; k++) sum += a.getEntry(c, k) * (values[k * n + i] - mean[k]);
        out[c * n + i] = (float) sum;
      }
    }
    return out;
  }

  private static double[] mean(float... values) {
    int n = values.length / 3;
    double[] mean = new double[3];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < n; i++) mean[c] += values[c * n + i];
      mean[c] /= n;
    }
    return mean;
  }

  private static RealMatrix covariance(float[] values, double... mean) {
    int n = values.length / 3;
    double[][] sums = new double[3][3];
    for (int i = 0; i < n; i++) {
      for (int a = 0; a < 3; a++) {
        for (int b = a; b < 3; b++) {
          sums[a][b] += (values[a * n + i] - mean[a]) * (values[b * n + i] - mean[b]);
        }
      }
    }
    for (int a = 0; a < 3; a++) {
      for (int b = a; b < 3; b++) {
        sums[a][b] /= n;
        sums[b][a] = sums[a][b];
      }
    }
    return new Array2DRowRealMatrix(sums);
  }

  /** A power of a covariance; directions without variance stay without. */
  private static RealMatrix power(RealMatrix covariance, double exponent) {
    EigenDecomposition e = new EigenDecomposition(covariance);
    RealMatrix d = new Array2DRowRealMatrix(3, 3);
    for (int i = 0; i < 3; i++) {
      double value = e.getRealEigenvalue(i);
      d.setEntry(i, i, value > FLAT ? Math.pow(value, exponent) : 0);
    }
    return e.getV().multiply(d).multiply(e.getVT());
  }
}
