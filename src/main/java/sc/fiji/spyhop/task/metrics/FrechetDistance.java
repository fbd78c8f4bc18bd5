package sc.fiji.spyhop.task.metrics;

import org.apache.commons.math3.exception.MaxCountExceededException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * How far two sets of points are from each other, each taken for a normal distribution: {@code |m -
 * n|^2 + tr(C + D - 2 (C D)^(1/2))} of means and covariances (Dowson and Landau 1982; Heusel et al.
 * 2017, of features of images).
 */
public final class FrechetDistance {

  private FrechetDistance() {}

  /**
   * The distance of the normal distributions that fit two sets of points.
   *
   * @param a points, at least two, each of as many numbers
   * @param b likewise
   * @return 0 if means and covariances are the same
   * @throws SpyhopException if there are too few points
   */
  public static double between(double[][] a, double[][] b) {
    if (a.length < 2 || b.length < 2) {
      throw new SpyhopException(
          Strings.format(
              "Fréchet distance: expected at least 2 images on both sides, received %d and %d.",
              a.length, b.length));
    }
    double[] meanA = mean(a);
    double[] meanB = mean(b);
    double squares = 0;
    for (int i = 0; i < meanA.length; i++) squares += Math.pow(meanA[i] - meanB[i], 2);
    RealMatrix c = covariance(a, meanA);
    RealMatrix d = covariance(b, meanB);
    RealMatrix root = squareRoot(c);
    // its eigenvalues are those of C D, and it is symmetric
    RealMatrix product = symmetric(root.multiply(d).multiply(root));
    double roots = 0;
    for (double value : new Spectrum(product).values) roots += Math.sqrt(Math.max(0, value));
    return Math.max(0, squares + c.getTrace() + d.getTrace() - 2 * roots);
  }

  private static double[] mean(double[][] points) {
    double[] mean = new double[points[0].length];
    for (double[] p : points) for (int i = 0; i < mean.length; i++) mean[i] += p[i] / points.length;
    return mean;
  }

  private static RealMatrix covariance(double[][] points, double[] mean) {
    int n = mean.length;
    double[][] sums = new double[n][n];
    double[] from = new double[n];
    for (double[] p : points) {
      for (int i = 0; i < n; i++) from[i] = p[i] - mean[i];
      for (int i = 0; i < n; i++) {
        if (from[i] == 0) continue;
        for (int j = 0; j <= i; j++) sums[i][j] += from[i] * from[j];
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        sums[i][j] /= points.length - 1;
        sums[j][i] = sums[i][j];
      }
    }
    return new Array2DRowRealMatrix(sums, false);
  }

  private static RealMatrix symmetric(RealMatrix m) {
    return m.add(m.transpose()).scalarMultiply(0.5);
  }

  private static RealMatrix squareRoot(RealMatrix m) {
    Spectrum e = new Spectrum(m);
    RealMatrix scaled = e.vectors.copy();
    for (int j = 0; j < e.values.length; j++) {
      double root = Math.sqrt(Math.max(0, e.values[j]));
      for (int i = 0; i < scaled.getRowDimension(); i++) {
        scaled.multiplyEntry(i, j, root);
      }
    }
    return scaled.multiply(e.vectors.transpose());
  }

  /**
   * Eigenvalues of a symmetric matrix without negative ones, and its eigenvectors in columns. Where
   * many are 0, as of few images, those of commons-math do not converge; its singular values, which
   * are the same, do.
   */
  private static final class Spectrum {
    private final double[] values;
    private final RealMatrix vectors;

    Spectrum(RealMatrix matrix) {
      double[] found;
      RealMatrix columns;
      try {
        EigenDecomposition e = new EigenDecomposition(matrix);
        found = e.getRealEigenvalues();
        columns = e.getV();
      } catch (MaxCountExceededException e) {
        SingularValueDecomposition s = new SingularValueDecomposition(matrix);
        found = s.getSingularValues();
        columns = s.getU();
      }
      values = found;
      vectors = columns;
    }
  }
}
