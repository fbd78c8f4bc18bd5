package sc.fiji.spyhop.engine;

import java.util.Arrays;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Parallel;

/**
 * {@link Loss.StructuralSimilarity} and its gradient, plane by plane. With m the Gaussian means of
 * the activations x, of the target y, of their squares and of their product,
 *
 * <pre>
 * S = (2 mx my + C1) (2 (mxy - mx my) + C2) / ((mx² + my² + C1) (mxx - mx² + myy - my² + C2))
 * </pre>
 *
 * depends on x by mx, mxx and mxy alone: the derivatives with respect to these are spread by the
 * window they were gathered with.
 */
final class SimilarityLoss {

  private static final int WINDOW = 11;
  private static final double DEVIATION = 1.5;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;

  private final int width;
  private final int height;

  /** Weights of the window along a side; they add up to 1. */
  private final double[] window;

  /** Columns and rows of the windows that lie inside. */
  private final int columns;

  private final int rows;

  private SimilarityLoss(int width, int height) {
    this.width = width;
    this.height = height;
    int least = Math.min(width, height);
    window = gaussian(Math.min(WINDOW, least - (least + 1) % 2));
    columns = width - window.length + 1;
    rows = height - window.length + 1;
  }

  /**
   * See {@link Losses#evaluate}.
   *
   * @throws SpyhopException if activations are no maps
   */
  static double evaluate(Tensor activations, Target target, float[] gradient) {
    if (activations.rank() != 4) {
      throw new SpyhopException(
          "structural similarity: expected maps, [N, channels, rows, columns], received "
              + activations);
    }
    SimilarityLoss loss = new SimilarityLoss(activations.size(3), activations.size(2));
    float[] x = activations.data();
    float[] y = target.values().data();
    float[] w = target.weights().map(Tensor::data).orElse(new float[0]);
    int channels = activations.size(1);
    int planes = activations.size(0) * channels;
    double total = 0;
    for (int n = 0; n < activations.size(0); n++) total += loss.weight(w, n);
    if (total == 0) {
      Arrays.fill(gradient, 0);
      return 0;
    }
    double each = 1 / (total * channels);
    return Parallel.sum(
        planes,
        (from, to) -> {
          double sum = 0;
          for (int p = from; p < to; p++)
            sum += loss.plane(x, y, w, p, p / channels, each, gradient);
          return sum;
        });
  }

  private static double[] gaussian(int length) {
    double[] weights = new double[length];
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double d = i - (length - 1) / 2.0;
      sum += weights[i] = Math.exp(-d * d / (2 * DEVIATION * DEVIATION));
    }
    for (int i = 0; i < length; i++) weights[i] /= sum;
    return weights;
  }

  /** Of all windows of a sample. */
  private double weight(float[] w, int sample) {
    if (w.length == 0) return (double) columns * rows;
    double sum = 0;
    for (int j = 0; j < rows; j++) for (int i = 0; i < columns; i++) sum += w[middle(sample, i, j)];
    return sum;
  }

  private int middle(int sample, int column, int row) {
    int half = window.length / 2;
    return (sample * height + row + half) * width + column + half;
  }

  private double plane(
      float[] x, float[] y, float[] w, int plane, int sample, double each, float[] gradient) {
    int first = plane * width * height;
    double[][] products = new double[5][width * height];
    for (int i = 0; i < width * height; i++) {
      double a = x[first + i];
      double b = y[first + i];
      products[0][i] = a;
      products[1][i] = b;
      products[2][i] = a * a;
      products[3][i] = b * b;
      products[4][i] = a * b;
    }
    double[][] m = new double[5][];
    for (int k = 0; k < 5; k++) m[k] = gathered(products[k]);
    double[] byMean = new double[columns * rows];
    double[] bySquare = new double[columns * rows];
    double[] byProduct = new double[columns * rows];
    double sum = 0;
    for (int i = 0; i < byMean.length; i++) {
      double weight = w.length == 0 ? 1 : w[middle(sample, i % columns, i / columns)];
      double mx = m[0][i];
      double my = m[1][i];
      double a1 = 2 * mx * my + C1;
      double a2 = 2 * (m[4][i] - mx * my) + C2;
      double b1 = mx * mx + my * my + C1;
      double b2 = m[2][i] - mx * mx + m[3][i] - my * my + C2;
      double s = a1 * a2 / (b1 * b2);
      sum += weight * (1 - s);
      byMean[i] = -weight * (2 * my * (a2 - a1) / (b1 * b2) - s * 2 * mx * (1 / b1 - 1 / b2));
      bySquare[i] = weight * s / b2;
      byProduct[i] = -weight * 2 * a1 / (b1 * b2);
    }
    double[] mean = spread(byMean);
    double[] square = spread(bySquare);
    double[] product = spread(byProduct);
    for (int i = 0; i < width * height; i++) {
      gradient[first + i] =
          (float) (each * (mean[i] + 2 * products[0][i] * square[i] + products[1][i] * product[i]));
    }
    return each * sum;
  }

  /** Weighted means in all windows that lie inside. */
  private double[] gathered(double[] plane) {
    double[] along = new double[columns * height];
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < columns; i++) {
        double sum = 0;
        for (int k = 0; k < window.length; k++) sum += window[k] * plane[j * width + i + k];
        along[j * columns + i] = sum;
      }
    }
    double[] means = new double[columns * rows];
    for (int j = 0; j < rows; j++) {
      for (int k = 0; k < window.length; k++) {
        for (int i = 0; i < columns; i++) {
          means[j * columns + i] += window[k] * along[(j + k) * columns + i];
        }
      }
    }
    return means;
  }

  /** The transpose of {@link #gathered}. */
  private double[] spread(double[] windows) {
    double[] along = new double[columns * height];
    for (int j = 0; j < rows; j++) {
      for (int k = 0; k < window.length; k++) {
        for (int i = 0; i < columns; i++) {
          along[(j + k) * columns + i] += window[k] * windows[j * columns + i];
        }
      }
    }
    double[] plane = new double[width * height];
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < columns; i++) {
        double value = along[j * columns + i];
        for (int k = 0; k < window.length; k++) plane[j * width + i + k] += window[k] * value;
      }
    }
    return plane;
  }
}
