package sc.fiji.spyhop.exchange.onnx;

import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;

/**
 * Values that are known, whatever the image. Row-major.
 *
 * @param name in the file; empty if it has none
 */
record Constant(String name, List<Integer> shape, Numbers numbers) {

  /** The values, of one of two kinds. */
  sealed interface Numbers permits Floats, Longs, Stored {

    boolean isReal();

    /** As 32-bit floating point. May be an array that others read: not to be written to. */
    float[] floats();

    /** As whole numbers; few, such as sizes. Not to be written to. */
    long[] longs();
  }

  private record Floats(float[] floats) implements Numbers {
    @Override
    public boolean isReal() {
      return true;
    }

    @Override
    public long[] longs() {
      long[] out = new long[floats.length];
      for (int i = 0; i < out.length; i++) out[i] = (long) floats[i];
      return out;
    }
  }

  private record Longs(long[] longs) implements Numbers {
    @Override
    public boolean isReal() {
      return false;
    }

    @Override
    public float[] floats() {
      float[] out = new float[longs.length];
      for (int i = 0; i < out.length; i++) out[i] = longs[i];
      return out;
    }
  }

  Constant {
    shape = List.copyOf(shape);
  }

  static Constant of(TensorProto tensor) {
    return new Constant(
        tensor.getName(),
        tensor.getDimsList().stream().map(Math::toIntExact).toList(),
        new Stored(tensor));
  }

  static Constant of(List<Integer> shape, long... values) {
    return new Constant("", shape, new Longs(values));
  }

  static Constant of(List<Integer> shape, float[] values) {
    return new Constant("", shape, new Floats(values));
  }

  static Constant ofList(List<Long> values) {
    return of(List.of(values.size()), values.stream().mapToLong(v -> v).toArray());
  }

  /** The same values under another shape. */
  Constant reshaped(List<Integer> newShape) {
    return new Constant(name, newShape, numbers);
  }

  int length() {
    int length = 1;
    for (int size : shape) length = Math.multiplyExact(length, size);
    return length;
  }

  boolean isReal() {
    return numbers.isReal();
  }

  float[] floats() {
    return numbers.floats();
  }

  long[] longs() {
    return numbers.longs();
  }

  List<Integer> ints() {
    return Arrays.stream(longs())
        .mapToObj(v -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, v)))
        .toList();
  }

  /** The only value. */
  double single() {
    if (length() != 1) throw new Unsupported("a constant of shape " + shape);
    return isReal() ? floats()[0] : longs()[0];
  }

  /** Axes in another order. */
  Constant transposed(List<Integer> order) {
    int rank = shape.size();
    int[] step = new int[rank];
    int n = 1;
    for (int d = rank - 1; d >= 0; d--) {
      step[d] = n;
      n *= shape.get(d);
    }
    List<Integer> newShape = order.stream().map(shape::get).toList();
    float[] from = floats();
    float[] to = new float[n];
    int[] index = new int[rank];
    for (int i = 0; i < n; i++) {
      int at = 0;
      for (int d = 0; d < rank; d++) at += index[d] * step[order.get(d)];
      to[i] = from[at];
      for (int d = rank - 1; d >= 0 && ++index[d] == newShape.get(d); d--) index[d] = 0;
    }
    return of(newShape, to);
  }
}
