package sc.fiji.spyhop.exchange.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.exchange.graph.Unsupported;

/** Values that are known, whatever the image. Row-major. */
final class Constant {

  private final List<Integer> shape;
  private final OnnxTensor tensor;

  private Constant(List<Integer> shape, OnnxTensor tensor) {
    this.shape = List.copyOf(shape);
    this.tensor = tensor;
  }

  static Constant of(OnnxTensor tensor) {
    return new Constant(tensor.shape().stream().map(Math::toIntExact).toList(), tensor);
  }

  static Constant of(List<Integer> shape, long... values) {
    return new Constant(
        shape, new OnnxTensor("", ElementType.INT64, longs(shape), new OnnxTensor.Longs(values)));
  }

  static Constant of(List<Integer> shape, float[] values) {
    return new Constant(
        shape, new OnnxTensor("", ElementType.FLOAT, longs(shape), new OnnxTensor.Floats(values)));
  }

  static Constant ofList(List<Long> values) {
    return of(List.of(values.size()), values.stream().mapToLong(v -> v).toArray());
  }

  private static List<Long> longs(List<Integer> shape) {
    return shape.stream().map(Long::valueOf).toList();
  }

  /** The same values under another shape. */
  Constant reshaped(List<Integer> newShape) {
    return new Constant(newShape, tensor);
  }

  List<Integer> shape() {
    return shape;
  }

  /** Name in the file; empty if it has none. */
  String name() {
    return tensor.name();
  }

  int length() {
    int length = 1;
    for (int size : shape) length = Math.multiplyExact(length, size);
    return length;
  }

  boolean isReal() {
    return switch (tensor.type()) {
      case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> true;
      default -> false;
    };
  }

  /** As 32-bit floating point. May be the array of the tensor itself: not to be written to. */
  float[] floats() {
    OnnxTensor.Values values = tensor.values();
    if (values instanceof OnnxTensor.Floats v) return v.values();
    float[] out = new float[length()];
    if (values instanceof OnnxTensor.Raw raw && tensor.type() == ElementType.FLOAT) {
      raw.bytes().duplicate().order(raw.bytes().order()).asFloatBuffer().get(out);
      return out;
    }
    for (int i = 0; i < out.length; i++) out[i] = (float) number(values, i);
    return out;
  }

  private double number(OnnxTensor.Values values, int i) {
    if (values instanceof OnnxTensor.Floats v) return v.values()[i];
    if (values instanceof OnnxTensor.Doubles v) return v.values()[i];
    if (values instanceof OnnxTensor.Ints v) return v.values()[i];
    if (values instanceof OnnxTensor.Longs v) {
      return switch (tensor.type()) {
        case FLOAT16 -> half((short) v.values()[i]);
        case BFLOAT16 -> Float.intBitsToFloat((int) v.values()[i] << 16);
        default -> v.values()[i];
      };
    }
    ByteBuffer b = ((OnnxTensor.Raw) values).bytes();
    int at = b.position() + i * tensor.type().bytes();
    return switch (tensor.type()) {
      case FLOAT -> b.getFloat(at);
      case DOUBLE -> b.getDouble(at);
      case FLOAT16 -> half(b.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(b.getShort(at) << 16);
      case INT64, UINT64 -> b.getLong(at);
      case INT32 -> b.getInt(at);
      case UINT32 -> b.getInt(at) & 0xffffffffL;
      case INT16 -> b.getShort(at);
      case UINT16 -> b.getShort(at) & 0xffff;
      case INT8 -> b.get(at);
      case UINT8, BOOL -> b.get(at) & 0xff;
      default -> throw new Unsupported("constants of type " + tensor.type());
    };
  }

  /** IEEE 754 binary16. */
  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    int sign = bits << 16 & 0x80000000;
    if (exponent == 0) return Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign));
    int wide = exponent == 0x1f ? 0xff : exponent + 127 - 15;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** As whole numbers; few, such as sizes. */
  long[] longs() {
    long[] out = new long[length()];
    OnnxTensor.Values values = tensor.values();
    for (int i = 0; i < out.length; i++) {
      out[i] =
          values instanceof OnnxTensor.Longs v && !isReal()
              ? v.values()[i]
              : !isReal() && values instanceof OnnxTensor.Raw r && tensor.type().bytes() == 8
                  ? r.bytes().getLong(r.bytes().position() + 8 * i)
                  : (long) number(values, i);
    }
    return out;
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
