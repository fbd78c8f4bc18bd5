package sc.fiji.spyhop.engine;

/** Products of matrices in 32 bits. Thread safe. What it holds natively goes when it is closed. */
public interface MatrixProduct extends AutoCloseable {

  /**
   * Adds {@code factor a b} to a matrix.
   *
   * @param a rows x inner
   * @param b inner x columns
   * @param sum rows x columns, row by row
   */
  void add(float factor, Matrix a, Matrix b, float[] sum);

  /** Frees memory; harmless if it is closed already. */
  @Override
  void close();

  /** Refuses matrices that do not fit each other. */
  static void check(Matrix a, Matrix b, float[] sum) {
    if (a.columns() != b.rows() || (long) a.rows() * b.columns() != sum.length) {
      throw new IllegalArgumentException(
          "product: expected matrices that fit each other, received "
              + a.rows()
              + " x "
              + a.columns()
              + ", "
              + b.rows()
              + " x "
              + b.columns()
              + " and "
              + sum.length
              + " values");
    }
  }
}
