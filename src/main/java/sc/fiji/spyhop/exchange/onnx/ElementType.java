package sc.fiji.spyhop.exchange.onnx;

import java.util.Optional;

/** What the elements of a tensor are: {@code TensorProto.DataType}. */
public enum ElementType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  /** Of any length. */
  STRING(8, 0),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8),
  UINT32(12, 4),
  UINT64(13, 8),
  COMPLEX64(14, 8),
  COMPLEX128(15, 16),
  BFLOAT16(16, 2);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The number that stands for it in a file. */
  public int code() {
    return code;
  }

  /** Size of one element, 0 if that differs. */
  public int bytes() {
    return bytes;
  }

  public static Optional<ElementType> of(long code) {
    for (ElementType type : values()) {
      if (type.code == code) return Optional.of(type);
    }
    return Optional.empty();
  }
}
