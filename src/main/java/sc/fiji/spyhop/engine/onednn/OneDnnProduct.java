package sc.fiji.spyhop.engine.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import sc.fiji.spyhop.engine.Matrix;
import sc.fiji.spyhop.engine.MatrixProduct;

/** Products of matrices, on copies outside the heap, whose memory is kept for the next ones. */
final class OneDnnProduct implements MatrixProduct {

  /** Values in what vector instructions and cache lines like. */
  private static final int LINE = 16;

  private Pool.Chunk memory = Pool.keep(0);
  private long length;
  private boolean closed;

  @Override
  public synchronized void add(float factor, Matrix a, Matrix b, float[] sum) {
    if (closed) throw new IllegalStateException("products: already closed");
    MatrixProduct.check(a, b, sum);
    long second = rounded(a.values().length);
    long third = second + rounded(b.values().length);
    reserve(third + sum.length);
    FloatPointer result = copy(sum, third);
    OneDnn.check(
        "product",
        dnnl.dnnl_sgemm(
            way(a),
            way(b),
            a.rows(),
            b.columns(),
            a.columns(),
            factor,
            copy(a.values(), 0),
            stride(a),
            copy(b.values(), second),
            stride(b),
            1,
            result,
            b.columns()));
    result.get(sum);
  }

  private static byte way(Matrix m) {
    return (byte) (m.turned() ? 'T' : 'N');
  }

  /** From one row, or column, to the next. */
  private static long stride(Matrix m) {
    return m.turned() ? m.rows() : m.columns();
  }

  private static long rounded(long values) {
    return (values + LINE - 1) / LINE * LINE;
  }

  private void reserve(long values) {
    if (values <= length) return;
    Pool.Chunk more = Pool.keep(values * Float.BYTES);
    Pool.discard(memory);
    memory = more;
    length = values;
  }

  private FloatPointer copy(float[] values, long at) {
    return new FloatPointer(memory).getPointer(at).capacity(values.length).put(values);
  }

  @Override
  public synchronized void close() {
    if (!closed) Pool.discard(memory);
    closed = true;
  }
}
