package sc.fiji.spyhop.exchange.onnx;

import java.util.Arrays;

/** Values of a tensor that come one by one. */
final class Numbers {

  private long[] longs = new long[8];
  private float[] floats = new float[8];
  private double[] doubles = new double[8];
  private int size;

  int size() {
    return size;
  }

  boolean add(long value) {
    if (size == longs.length) longs = Arrays.copyOf(longs, 2 * size);
    longs[size++] = value;
    return true;
  }

  boolean add(float value) {
    if (size == floats.length) floats = Arrays.copyOf(floats, 2 * size);
    floats[size++] = value;
    return true;
  }

  boolean add(double value) {
    if (size == doubles.length) doubles = Arrays.copyOf(doubles, 2 * size);
    doubles[size++] = value;
    return true;
  }

  /** In the form that fits a type; whole numbers of any width are kept in 64 bits. */
  OnnxTensor.Values values(ElementType type) {
    return switch (type) {
      case FLOAT -> new OnnxTensor.Floats(Arrays.copyOf(floats, Math.min(size, floats.length)));
      case DOUBLE -> new OnnxTensor.Doubles(Arrays.copyOf(doubles, Math.min(size, doubles.length)));
      default -> new OnnxTensor.Longs(Arrays.copyOf(longs, Math.min(size, longs.length)));
    };
  }
}
