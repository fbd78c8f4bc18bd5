package sc.fiji.spyhop.engine;

import java.util.Arrays;

/**
 * A matrix whose values lie row by row, or, where it is turned, column by column. Values are not
 * copied.
 *
 * @param rows of the matrix as it counts, turned or not
 * @param columns the same
 */
public record Matrix(float[] values, int rows, int columns, boolean turned) {

  /**
   * Throws an {@link IllegalArgumentException} if there are not {@code rows * columns} values, at
   * least one.
   */
  public Matrix {
    if (rows < 1 || columns < 1 || (long) rows * columns != values.length) {
      throw new IllegalArgumentException(
          "matrix: expected " + rows + " x " + columns + " values, received " + values.length);
    }
  }

  /** Row by row. */
  public static Matrix of(float[] values, int rows) {
    return new Matrix(values, rows, values.length / rows, false);
  }

  /** Rows become columns. */
  public Matrix transposed() {
    return new Matrix(values, columns, rows, !turned);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matrix m
        && rows == m.rows
        && columns == m.columns
        && turned == m.turned
        && Arrays.equals(values, m.values);
  }

  @Override
  public int hashCode() {
    return 31 * rows + columns;
  }
}
