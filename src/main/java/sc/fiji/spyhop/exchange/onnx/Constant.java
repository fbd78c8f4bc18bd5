package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
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

  /** A size that hangs on that of the image, which is open; no number to compute with. */
  static final long OPEN = Integer.MIN_VALUE;

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

  /** The values, to compute with. */
  Constant counted() {
    if (!isReal() && Arrays.stream(longs()).anyMatch(v -> v == OPEN)) {
      throw new Unsupported(Unsupported.OPEN_SIZE);
    }
    return this;
  }

  /** The only value. */
  double single() {
    if (length() != 1) throw new Unsupported("a constant of shape " + shape);
    return isReal() ? floats()[0] : longs()[0];
  }

  /** Whether all values are the same. */
  boolean isUniform() {
    float[] values = floats();
    for (float v : values) {
      if (v != values[0]) return false;
    }
    return values.length > 0;
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
    int[] places = new int[n];
    int[] index = new int[rank];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < rank; d++) places[i] += index[d] * step[order.get(d)];
      for (int d = rank - 1; d >= 0 && ++index[d] == newShape.get(d); d--) index[d] = 0;
    }
    return chosen(newShape, places);
  }

  /** Only some places along an axis, in their order. */
  Constant along(int axis, int[] places) {
    List<Integer> newShape = new ArrayList<>(shape);
    newShape.set(axis, places.length);
    int inner = 1;
    for (int size : shape.subList(axis + 1, shape.size())) inner *= size;
    int[] from = new int[length() / shape.get(axis) * places.length];
    for (int i = 0; i < from.length; i++) {
      int outer = i / inner / places.length;
      from[i] = (outer * shape.get(axis) + places[i / inner % places.length]) * inner + i % inner;
    }
    return chosen(newShape, from);
  }

  /** Some of the values. */
  private Constant chosen(List<Integer> newShape, int[] places) {
    if (!isReal()) {
      long[] from = longs();
      return of(newShape, Arrays.stream(places).mapToLong(i -> from[i]).toArray());
    }
    float[] from = floats();
    float[] to = new float[places.length];
    for (int i = 0; i < to.length; i++) to[i] = from[places[i]];
    return of(newShape, to);
  }
}
