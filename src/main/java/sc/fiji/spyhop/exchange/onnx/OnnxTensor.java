package sc.fiji.spyhop.exchange.onnx;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Constant values, row-major: {@code TensorProto}. Arrays are shared, not copied.
 *
 * @param name may be empty where an attribute holds it
 * @param shape empty for a single number
 */
public record OnnxTensor(String name, ElementType type, List<Long> shape, Values values) {

  /** The values in one of the ways that a file may have them. */
  public sealed interface Values {}

  /** For {@link ElementType#FLOAT}. */
  public record Floats(float[] values) implements Values {}

  /** For {@link ElementType#DOUBLE}. */
  public record Doubles(double[] values) implements Values {}

  /** For {@link ElementType#INT64}. */
  public record Longs(long[] values) implements Values {}

  /** For {@link ElementType#INT32}. */
  public record Ints(int[] values) implements Values {}

  /**
   * Of any type but {@link ElementType#STRING}, little-endian, as {@code raw_data} has them.
   *
   * @param bytes from position to limit, which readers leave as they are
   */
  public record Raw(ByteBuffer bytes) implements Values {}

  /**
   * In another file.
   *
   * @param location path relative to the model's folder
   * @param offset of the first byte
   * @param length in bytes, or -1 for up to the end
   */
  public record External(String location, long offset, long length) implements Values {}

  public OnnxTensor {
    shape = List.copyOf(shape);
  }
}
