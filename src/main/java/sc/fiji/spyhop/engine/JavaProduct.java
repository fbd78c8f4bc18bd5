package sc.fiji.spyhop.engine;

import java.util.Arrays;
import sc.fiji.spyhop.util.Parallel;

/**
 * Products in plain Java, block by block. Sums are made of a block at a time, so that they round as
 * short ones do.
 */
final class JavaProduct implements MatrixProduct {

  /** Rows and columns of what is multiplied while it is near to the processor. */
  private static final int BLOCK = 256;

  @Override
  public void add(float factor, Matrix a, Matrix b, float[] sum) {
    MatrixProduct.check(a, b, sum);
    int down = (a.rows() + BLOCK - 1) / BLOCK;
    int across = (b.columns() + BLOCK - 1) / BLOCK;
    Parallel.each(
        down * across,
        (long) sum.length * a.columns(),
        i -> addBlock(factor, a, b, i / across * BLOCK, i % across * BLOCK, sum));
  }

  @Override
  public void close() {
    // holds nothing
  }

  private static void addBlock(float f, Matrix a, Matrix b, int row, int column, float[] sum) {
    int rows = Math.min(BLOCK, a.rows() - row);
    int columns = Math.min(BLOCK, b.columns() - column);
    float[][] part = new float[BLOCK][columns];
    float[] product = new float[columns];
    for (int inner = 0; inner < a.columns(); inner += BLOCK) {
      int n = Math.min(BLOCK, a.columns() - inner);
      for (int k = 0; k < n; k++) copy(b, inner + k, column, part[k]);
      float[] factors = new float[n];
      for (int i = row; i < row + rows; i++) {
        copy(a, i, inner, factors);
        Arrays.fill(product, 0);
        int k = 0;
        for (; k + 4 <= n; k += 4) addFour(factors, part, k, product);
        for (; k < n; k++) addTimes(factors[k], part[k], product);
        int at = i * b.columns() + column;
        for (int j = 0; j < columns; j++) sum[at + j] += f * product[j];
      }
    }
  }

  /** Part of a row. */
  private static void copy(Matrix m, int row, int column, float[] to) {
    if (!m.turned()) {
      System.arraycopy(m.values(), row * m.columns() + column, to, 0, to.length);
      return;
    }
    for (int j = 0; j < to.length; j++) to[j] = m.values()[(column + j) * m.rows() + row];
  }

  /** As much at a time as Java computes in one go. */
  private static void addFour(float[] factors, float[][] rows, int k, float[] sum) {
    float f0 = factors[k];
    float f1 = factors[k + 1];
    float f2 = factors[k + 2];
    float f3 = factors[k + 3];
    float[] r0 = rows[k];
    float[] r1 = rows[k + 1];
    float[] r2 = rows[k + 2];
    float[] r3 = rows[k + 3];
    for (int j = 0; j < sum.length; j++) {
      sum[j] += f0 * r0[j] + f1 * r1[j] + f2 * r2[j] + f3 * r3[j];
    }
  }

  private static void addTimes(float factor, float[] values, float[] sum) {
    for (int j = 0; j < sum.length; j++) sum[j] += factor * values[j];
  }
}
