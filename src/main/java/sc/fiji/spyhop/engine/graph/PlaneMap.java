package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;
import java.util.Arrays;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.util.Parallel;

/** Planes whose rows are mixtures of rows, and columns of columns: padded, cropped or resized. */
public final class PlaneMap implements LinearMap {

  /** What a dimension becomes. */
  private interface Along {
    Mixture of(int dimension, int in, int out);
  }

  private final Along along;

  private PlaneMap(Along along) {
    this.along = along;
  }

  /** Of a border that is added or cut off. */
  public static PlaneMap of(Pad layer) {
    return new PlaneMap((d, in, out) -> Mixture.of(layer, d, in, out));
  }

  /** Of a change of size. */
  public static PlaneMap of(Resizing layer) {
    return new PlaneMap((d, in, out) -> Mixture.of(layer, d, in, out));
  }

  @Override
  public void forward(int[] in, FloatBuffer x, int[] out, FloatBuffer y) {
    Mixture rows = along.of(0, in[2], out[2]);
    Mixture columns = along.of(1, in[3], out[3]);
    int planes = in[0] * in[1];
    Parallel.each(
        planes,
        (long) planes * out[2] * out[3],
        p -> plane(rows, columns, new Plane(x, p, in), new Plane(y, p, out)));
  }

  private static void plane(Mixture rows, Mixture columns, Plane x, Plane y) {
    float[] row = new float[x.width()];
    float[] other = new float[x.width()];
    float[] mixed = new float[y.width()];
    for (int i = 0; i < y.height(); i++) {
      if (rows.low()[i] < 0) {
        Arrays.fill(mixed, 0);
      } else {
        x.read(rows.low()[i], row);
        float share = rows.share()[i];
        if (share != 0) {
          x.read(rows.high()[i], other);
          for (int j = 0; j < row.length; j++) row[j] = (1 - share) * row[j] + share * other[j];
        }
        columns.apply(row, mixed);
      }
      y.write(i, mixed);
    }
  }

  @Override
  public void backward(int[] in, FloatBuffer back, int[] out, FloatBuffer gradient) {
    Mixture rows = along.of(0, in[2], out[2]);
    Mixture columns = along.of(1, in[3], out[3]);
    int planes = in[0] * in[1];
    Parallel.each(
        planes,
        (long) planes * out[2] * out[3],
        p -> planeBack(rows, columns, new Plane(back, p, in), new Plane(gradient, p, out)));
  }

  private static void planeBack(Mixture rows, Mixture columns, Plane back, Plane gradient) {
    float[] wide = new float[gradient.width()];
    float[] row = new float[back.width()];
    float[] sum = new float[back.width()];
    for (int i = 0; i < back.height(); i++) back.write(i, sum);
    for (int i = 0; i < gradient.height(); i++) {
      if (rows.low()[i] < 0) continue;
      gradient.read(i, wide);
      columns.back(wide, row);
      float share = rows.share()[i];
      add(back, rows.low()[i], 1 - share, row, sum);
      if (share != 0) add(back, rows.high()[i], share, row, sum);
    }
  }

  private static void add(Plane to, int at, float share, float[] row, float[] sum) {
    to.read(at, sum);
    for (int j = 0; j < row.length; j++) sum[j] += share * row[j];
    to.write(at, sum);
  }
}
