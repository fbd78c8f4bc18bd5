package sc.fiji.spyhop.exchange.torch;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;

/** Types of numbers that a storage of PyTorch holds, read as floats. */
enum StorageType {
  FLOAT("FloatStorage", 4) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return bytes.getFloat(4 * i);
    }
  },
  DOUBLE("DoubleStorage", 8) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return (float) bytes.getDouble(8 * i);
    }
  },
  HALF("HalfStorage", 2) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return half(bytes.getShort(2 * i));
    }
  },
  BFLOAT16("BFloat16Storage", 2) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
    }
  },
  LONG("LongStorage", 8) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return bytes.getLong(8 * i);
    }
  },
  INT("IntStorage", 4) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return bytes.getInt(4 * i);
    }
  },
  SHORT("ShortStorage", 2) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return bytes.getShort(2 * i);
    }
  },
  CHAR("CharStorage", 1) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return bytes.get(i);
    }
  },
  BYTE("ByteStorage", 1) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return Byte.toUnsignedInt(bytes.get(i));
    }
  },
  BOOL("BoolStorage", 1) {
    @Override
    float at(ByteBuffer bytes, int i) {
      return bytes.get(i) == 0 ? 0 : 1;
    }
  };

  private final String type;
  private final int bytes;

  StorageType(String type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /** That of a name in a pickle, such as {@code torch.FloatStorage}. */
  static Optional<StorageType> of(String global) {
    return Stream.of(values()).filter(t -> global.equals("torch." + t.type)).findFirst();
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /**
   * A number.
   *
   * @param bytes in the file's order
   * @param i index of the number
   */
  abstract float at(ByteBuffer bytes, int i);

  /** IEEE 754 binary16. */
  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    float size =
        exponent == 0
            ? Math.scalb((float) fraction, -24)
            : exponent == 0x1F
                ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : Math.scalb((float) (fraction | 0x400), exponent - 25);
    return bits < 0 ? -size : size;
  }
}
