package sc.fiji.spyhop.exchange.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;

/** Values as a file has them: of any type, in {@code raw_data} or in a list of their type. */
record Stored(TensorProto tensor) implements Constant.Numbers {

  /** Undefined if it is not known. */
  static DataType type(TensorProto tensor) {
    DataType type = DataType.forNumber(tensor.getDataType());
    return type == null ? DataType.UNDEFINED : type;
  }

  /** Size of one value in {@code raw_data}. */
  static int bytes(TensorProto tensor) {
    return switch (type(tensor)) {
      case UINT8, INT8, BOOL -> 1;
      case UINT16, INT16, FLOAT16, BFLOAT16 -> 2;
      case FLOAT, INT32, UINT32 -> 4;
      case DOUBLE, INT64, UINT64, COMPLEX64 -> 8;
      case COMPLEX128 -> 16;
      case STRING, UNDEFINED -> throw new IllegalArgumentException(type(tensor) + " values");
    };
  }

  /** How many values there are. */
  static int count(TensorProto tensor) {
    if (tensor.hasRawData()) return tensor.getRawData().size() / bytes(tensor);
    return switch (type(tensor)) {
      case FLOAT, COMPLEX64 -> tensor.getFloatDataCount();
      case DOUBLE, COMPLEX128 -> tensor.getDoubleDataCount();
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      default -> tensor.getInt32DataCount();
    };
  }

  @Override
  public boolean isReal() {
    return switch (type(tensor)) {
      case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> true;
      default -> false;
    };
  }

  @Override
  public float[] floats() {
    float[] out = new float[count(tensor)];
    if (tensor.hasRawData() && type(tensor) == DataType.FLOAT) {
      raw().asFloatBuffer().get(out);
      return out;
    }
    ByteBuffer raw = raw();
    for (int i = 0; i < out.length; i++) out[i] = (float) real(raw, i);
    return out;
  }

  @Override
  public long[] longs() {
    long[] out = new long[count(tensor)];
    ByteBuffer raw = raw();
    for (int i = 0; i < out.length; i++) out[i] = isReal() ? (long) real(raw, i) : whole(raw, i);
    return out;
  }

  private ByteBuffer raw() {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private double real(ByteBuffer raw, int i) {
    return switch (type(tensor)) {
      case FLOAT -> tensor.hasRawData() ? raw.getFloat(4 * i) : tensor.getFloatData(i);
      case DOUBLE -> tensor.hasRawData() ? raw.getDouble(8 * i) : tensor.getDoubleData(i);
      case FLOAT16 -> half((short) whole(raw, i));
      case BFLOAT16 -> Float.intBitsToFloat((int) whole(raw, i) << 16);
      default -> whole(raw, i);
    };
  }

  /** A whole number, or the bits of a 16-bit floating point number. */
  private long whole(ByteBuffer raw, int i) {
    if (!tensor.hasRawData()) {
      return switch (type(tensor)) {
        case INT64 -> tensor.getInt64Data(i);
        case UINT32, UINT64 -> tensor.getUint64Data(i);
        default -> tensor.getInt32Data(i);
      };
    }
    return switch (type(tensor)) {
      case INT64, UINT64 -> raw.getLong(8 * i);
      case INT32 -> raw.getInt(4 * i);
      case UINT32 -> raw.getInt(4 * i) & 0xffffffffL;
      case INT16, FLOAT16, BFLOAT16 -> raw.getShort(2 * i);
      case UINT16 -> raw.getShort(2 * i) & 0xffff;
      case INT8 -> raw.get(i);
      case UINT8, BOOL -> raw.get(i) & 0xff;
      default -> throw new Unsupported("constants of type " + type(tensor));
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
}
