package sc.fiji.spyhop.util;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * An array of numbers as NumPy keeps it, in C order (last axis fastest).
 *
 * @param type of the numbers
 * @param shape size of each dimension, slowest first; none for a single number
 * @param values {@code byte[]}, {@code short[]}, {@code int[]}, {@code long[]}, {@code float[]} or
 *     {@code double[]}, as the type says; unsigned numbers have the bits of signed ones
 */
public record NumpyArray(Type type, int[] shape, Object values) {

  /** Types of numbers. Half floats are kept as floats, and Booleans as bytes 0 and 1. */
  public enum Type {
    /** True or false, as bytes of 1 and 0. */
    BOOL("b1", 1, byte[].class),
    /** Signed bytes. */
    INT8("i1", 1, byte[].class),
    /** Unsigned bytes. */
    UINT8("u1", 1, byte[].class),
    /** Signed, of 16 bits. */
    INT16("i2", 2, short[].class),
    /** Unsigned, of 16 bits. */
    UINT16("u2", 2, short[].class),
    /** Signed, of 32 bits. */
    INT32("i4", 4, int[].class),
    /** Unsigned, of 32 bits. */
    UINT32("u4", 4, int[].class),
    /** Signed, of 64 bits. */
    INT64("i8", 8, long[].class),
    /** Unsigned, of 64 bits. */
    UINT64("u8", 8, long[].class),
    /** Half precision, in the file alone. */
    FLOAT16("f2", 2, float[].class),
    /** Single precision. */
    FLOAT32("f4", 4, float[].class),
    /** Double precision. */
    FLOAT64("f8", 8, double[].class);

    final String code;
    final int bytes;
    final Class<?> array;

    Type(String code, int bytes, Class<?> array) {
      this.code = code;
      this.bytes = bytes;
      this.array = array;
    }
  }

  /**
   * Copies the shape, not the values.
   *
   * @throws IllegalArgumentException if the values are of another type than told, or not as many as
   *     the shape holds
   */
  public NumpyArray {
    shape = shape.clone();
    if (values.getClass() != type.array
        || java.lang.reflect.Array.getLength(values) != length(shape)) {
      throw new IllegalArgumentException(
          Strings.format(
              "array: expected %d values of %s, received %d of %s",
              length(shape),
              type.array.getSimpleName(),
              java.lang.reflect.Array.getLength(values),
              values.getClass().getSimpleName()));
    }
  }

  /** A copy of the size of each dimension, slowest first. */
  @Override
  public int[] shape() {
    return shape.clone();
  }

  /** Number of values. */
  public int length() {
    return java.lang.reflect.Array.getLength(values);
  }

  static long length(int... shape) {
    return Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
  }

  /** The values as numbers of 64 bits; whole ones beyond 2^53 are rounded. */
  public double get(int index) {
    return reader().applyAsDouble(index);
  }

  /** The values as floats; whole numbers beyond 2^24, and doubles, are rounded. */
  public float[] floats() {
    if (values instanceof float[] f) return f;
    IntToDoubleFunction reader = reader();
    float[] floats = new float[length()];
    for (int i = 0; i < floats.length; i++) floats[i] = (float) reader.applyAsDouble(i);
    return floats;
  }

  private IntToDoubleFunction reader() {
    if (values instanceof byte[] v) {
      return type == Type.UINT8 ? i -> v[i] & 0xFF : i -> v[i];
    }
    if (values instanceof short[] v) {
      return type == Type.UINT16 ? i -> v[i] & 0xFFFF : i -> v[i];
    }
    if (values instanceof int[] v) {
      return type == Type.UINT32 ? i -> v[i] & 0xFFFFFFFFL : i -> v[i];
    }
    if (values instanceof long[] v) {
      return type == Type.UINT64 ? i -> unsigned(v[i]) : i -> v[i];
    }
    if (values instanceof float[] v) return i -> v[i];
    double[] v = (double[]) values;
    return i -> v[i];
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : 2.0 * (bits >>> 1 | bits & 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumpyArray that
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && Arrays.deepEquals(new Object[] {values}, new Object[] {that.values});
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(shape);
  }

  /** Type and shape, such as {@code UINT16[512, 512]}. */
  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
