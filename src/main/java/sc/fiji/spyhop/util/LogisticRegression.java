package sc.fiji.spyhop.util;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Logistic regression by Newton's method. Outcomes count as {@code (n + 1) / (n + 2)} and {@code 1
 * / (n + 2)} instead of 1 and 0, n being how many there are of them (Platt 1999), and coefficients
 * of standardised variables have a ridge penalty, so that there is a solution even where outcomes
 * can be told apart without error.
 */
public final class LogisticRegression {

  /** Of squared coefficients, but the intercept, against the sum of log losses. */
  private static final double RIDGE = 1;

  private static final int ROUNDS = 100;
  private static final double CONVERGED = 1e-10;

  private LogisticRegression() {}

  /** The logistic function. */
  public static double probability(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /**
   * Fits coefficients.
   *
   * @param x by observation, then variable; finite
   * @param outcomes of the observations, at least one
   * @return intercept, then a factor for each variable; 0 for one that does not vary
   */
  public static List<Double> fit(double[][] x, List<Boolean> outcomes) {
    int n = x.length;
    int variables = x[0].length;
    double[] mean = new double[variables];
    double[] deviation = new double[variables];
    for (int v = 0; v < variables; v++) {
      int column = v;
      double[] values = Arrays.stream(x).mapToDouble(row -> row[column]).toArray();
      mean[v] = StatUtils.mean(values);
      deviation[v] = Math.sqrt(StatUtils.populationVariance(values));
    }
    double[][] z = new double[n][variables + 1];
    for (int i = 0; i < n; i++) {
      z[i][0] = 1;
      for (int v = 0; v < variables; v++) {
        z[i][v + 1] = deviation[v] > 0 ? (x[i][v] - mean[v]) / deviation[v] : 0;
      }
    }
    int yes = Collections.frequency(outcomes, true);
    double[] target = new double[n];
    for (int i = 0; i < n; i++) {
      target[i] = outcomes.get(i) ? (yes + 1.0) / (yes + 2.0) : 1.0 / (n - yes + 2.0);
    }
    double[] b = newton(z, target);
    List<Double> coefficients = new ArrayList<>();
    double intercept = b[0];
    for (int v = 0; v < variables; v++) {
      double c = deviation[v] > 0 ? b[v + 1] / deviation[v] : 0;
      intercept -= c * mean[v];
      coefficients.add(c);
    }
    coefficients.add(0, intercept);
    return coefficients;
  }

  private static double[] newton(double[][] z, double[] target) {
    int k = z[0].length;
    double[] b = new double[k];
    double loss = loss(z, target, b);
    for (int round = 0; round < ROUNDS; round++) {
      double[][] hessian = new double[k][k];
      double[] gradient = new double[k];
      for (int j = 1; j < k; j++) {
        gradient[j] = RIDGE * b[j];
        hessian[j][j] = RIDGE;
      }
      // keeps the intercept's curvature from vanishing
      hessian[0][0] = 1e-9;
      for (int i = 0; i < z.length; i++) {
        double p = probability(dot(z[i], b));
        for (int j = 0; j < k; j++) {
          gradient[j] += (p - target[i]) * z[i][j];
          for (int m = 0; m <= j; m++) hessian[j][m] += p * (1 - p) * z[i][j] * z[i][m];
        }
      }
      for (int j = 0; j < k; j++) {
        for (int m = 0; m < j; m++) hessian[m][j] = hessian[j][m];
      }
      double[] step =
          new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false))
              .getSolver()
              .solve(new ArrayRealVector(gradient, false))
              .toArray();
      double share = 1;
      double[] next = moved(b, step, share);
      double nextLoss = loss(z, target, next);
      while (nextLoss > loss && share > 1e-6) {
        share /= 2;
        next = moved(b, step, share);
        nextLoss = loss(z, target, next);
      }
      double gain = loss - nextLoss;
      if (gain > 0) {
        b = next;
        loss = nextLoss;
      }
      if (gain <= CONVERGED * Math.abs(loss)) break;
    }
    return b;
  }

  private static double[] moved(double[] b, double[] step, double share) {
    double[] moved = b.clone();
    for (int j = 0; j < b.length; j++) moved[j] -= share * step[j];
    return moved;
  }

  private static double loss(double[][] z, double[] target, double[] b) {
    double sum = 0;
    for (int j = 1; j < b.length; j++) sum += RIDGE / 2 * b[j] * b[j];
    for (int i = 0; i < z.length; i++) {
      double logit = dot(z[i], b);
      // log(1 + exp(logit)) without overflow
      sum += Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit))) - target[i] * logit;
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }
}
