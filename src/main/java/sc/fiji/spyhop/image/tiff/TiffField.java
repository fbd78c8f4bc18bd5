package sc.fiji.spyhop.image.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One entry of a directory.
 *
 * @param type as in TIFF 6.0 and BigTIFF
 * @param count of values
 * @param offset where they are, if they were not read
 * @param bytes the values, in the order of the file
 */
record TiffField(int type, long count, long offset, byte[] bytes, ByteOrder order) {

  /** Bytes of a value; 0: no such type. */
  static int width(int type) {
    return switch (type) {
      case 1, 2, 6, 7 -> 1;
      case 3, 8 -> 2;
      case 4, 9, 11, 13 -> 4;
      case 5, 10, 12, 16, 17, 18 -> 8;
      default -> 0;
    };
  }

  /** All values as whole numbers. */
  long[] numbers() {
    int width = width(type);
    long[] values = new long[bytes.length / width];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case 1, 2, 7 -> buffer.get(i) & 0xFF;
            case 3 -> buffer.getShort(2 * i) & 0xFFFF;
            case 6 -> buffer.get(i);
            case 8 -> buffer.getShort(2 * i);
            case 4, 13 -> buffer.getInt(4 * i) & 0xFFFFFFFFL;
            case 9 -> buffer.getInt(4 * i);
            case 11 -> (long) buffer.getFloat(4 * i);
            case 12 -> (long) buffer.getDouble(8 * i);
            case 5, 10 -> (long) rational();
            default -> buffer.getLong(8 * i);
          };
    }
    return values;
  }

  /** The first value as a number with a fraction; 0 if it has none. */
  double rational() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    if (type == 11) return buffer.getFloat();
    if (type == 12) return buffer.getDouble();
    if (type != 5 && type != 10) return numbers()[0];
    long over = buffer.getInt() & 0xFFFFFFFFL;
    long under = buffer.getInt() & 0xFFFFFFFFL;
    return under == 0 ? 0 : (double) over / under;
  }

  /** The values as text. */
  String text() {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) end--;
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
