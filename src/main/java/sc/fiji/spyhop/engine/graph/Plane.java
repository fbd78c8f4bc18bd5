package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;

/**
 * One channel of one sample, read and written row by row.
 *
 * @param number of the plane, all samples and channels counted through
 */
record Plane(FloatBuffer values, int number, int height, int width) {

  /**
   * @param shape samples, channels, rows and columns
   */
  Plane(FloatBuffer values, int number, int[] shape) {
    this(values, number, shape[2], shape[3]);
  }

  private int at(int row) {
    return Math.toIntExact(((long) number * height + row) * width);
  }

  void read(int row, float[] to) {
    values.get(at(row), to);
  }

  void write(int row, float[] from) {
    values.put(at(row), from);
  }
}
