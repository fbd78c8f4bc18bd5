package sc.fiji.spyhop.exchange.dl4j;

import java.util.Arrays;

/** Values of a kernel in another order. */
final class Orders {

  private Orders() {}

  /** Rows become columns. */
  static float[] transposed(float[] from, int rows, int columns) {
    float[] to = new float[from.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c];
    }
    return to;
  }

  /** One of so many equal parts. */
  static float[] part(float[] all, int index, int parts) {
    int length = all.length / parts;
    return Arrays.copyOfRange(all, index * length, (index + 1) * length);
  }
}
