package sc.fiji.spyhop.tensor;

import java.util.Arrays;
import java.util.Objects;
import sc.fiji.spyhop.SpyhopException;

/**
 * Dense float data with a shape and named axes, in row-major order (last axis fastest). It belongs
 * to no engine. The data array is shared, not copied: whoever hands a tensor over stops writing to
 * it.
 */
public final class Tensor {

  private final Axes axes;
  private final int[] shape;
  private final float[] data;

  /**
   * Wraps an array.
   *
   * @param axes meaning of each dimension
   * @param shape size of each dimension, as many as there are axes, none negative
   * @param data values in row-major order; its length must be the product of the shape
   */
  public Tensor(Axes axes, int[] shape, float[] data) {
    if (axes.rank() != shape.length) {
      throw new IllegalArgumentException(
          "tensor: axes " + axes + " do not fit shape " + Arrays.toString(shape));
    }
    long length = length(shape);
    if (length != data.length) {
      throw new IllegalArgumentException(
          "tensor: shape "
              + Arrays.toString(shape)
              + " needs "
              + length
              + " values, received "
              + data.length);
    }
    this.axes = axes;
    this.shape = shape.clone();
    this.data = data;
  }

  /**
   * Wraps an array.
   *
   * @param axes meaning of each dimension, slowest first
   * @param data values in row-major order
   * @param shape size of each dimension
   */
  public static Tensor of(Axes axes, float[] data, int... shape) {
    return new Tensor(axes, shape, data);
  }

  /**
   * All zeros.
   *
   * @param axes meaning of each dimension, slowest first
   * @param shape size of each dimension, as many as there are axes
   */
  public static Tensor zeros(Axes axes, int... shape) {
    return new Tensor(axes, shape, new float[Math.toIntExact(length(shape))]);
  }

  /**
   * Number of elements of a shape; may exceed what an array can hold.
   *
   * @param shape size of each dimension, none negative
   * @return 1 for no dimensions
   */
  public static long length(int... shape) {
    long length = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("tensor: negative size in " + Arrays.toString(shape));
      }
      length = Math.multiplyExact(length, (long) size);
    }
    return length;
  }

  /** Meaning of each dimension, slowest first. */
  public Axes axes() {
    return axes;
  }

  /** A copy of the size of each dimension, slowest first. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of dimensions; 0 for a single value. */
  public int rank() {
    return shape.length;
  }

  /**
   * Size of the dimension at a position.
   *
   * @param dimension from 0, the slowest
   */
  public int size(int dimension) {
    return shape[dimension];
  }

  /**
   * Size along a named axis; 1 if the tensor has no such axis.
   *
   * @param axis one letter of {@link Axes}
   */
  public int size(char axis) {
    int i = axes.indexOf(axis);
    return i < 0 ? 1 : shape[i];
  }

  /** Number of elements. */
  public int length() {
    return data.length;
  }

  /** The values themselves, not a copy. */
  public float[] data() {
    return data;
  }

  /**
   * One value; slow, for tests and single look-ups.
   *
   * @param index position along each dimension, from 0, slowest first
   */
  public float get(int... index) {
    return data[offset(index)];
  }

  private int offset(int... index) {
    int offset = 0;
    for (int i = 0; i < shape.length; i++) {
      offset = offset * shape[i] + Objects.checkIndex(index[i], shape[i]);
    }
    return offset;
  }

  /**
   * The same values under another shape of the same length; shares the data.
   *
   * @param newAxes meaning of each dimension, slowest first
   * @param newShape size of each dimension, whose product is the length
   */
  public Tensor reshape(Axes newAxes, int... newShape) {
    return new Tensor(newAxes, newShape, data);
  }

  /**
   * A copy of some consecutive entries along the first axis.
   *
   * @param from first entry, from 0
   * @param to the entry behind the last
   * @throws IndexOutOfBoundsException if there are not as many
   */
  public Tensor slice(int from, int to) {
    Objects.checkFromToIndex(from, to, shape[0]);
    int step = shape[0] == 0 ? 0 : data.length / shape[0];
    int[] s = shape.clone();
    s[0] = to - from;
    return new Tensor(axes, s, Arrays.copyOfRange(data, from * step, to * step));
  }

  /**
   * Tensors of equal axes and shape joined along the first axis.
   *
   * @param parts at least one; only their first sizes may differ
   */
  public static Tensor concatenate(Tensor... parts) {
    int[] s = parts[0].shape();
    int length = 0;
    s[0] = 0;
    for (Tensor t : parts) {
      int[] rest = t.shape();
      s[0] += rest[0];
      rest[0] = 0;
      int[] first = parts[0].shape();
      first[0] = 0;
      if (!t.axes.equals(parts[0].axes) || !Arrays.equals(rest, first)) {
        throw new IllegalArgumentException("tensor: cannot join " + parts[0] + " and " + t);
      }
      length = Math.addExact(length, t.data.length);
    }
    float[] joined = new float[length];
    int at = 0;
    for (Tensor t : parts) {
      System.arraycopy(t.data, 0, joined, at, t.data.length);
      at += t.data.length;
    }
    return new Tensor(parts[0].axes, s, joined);
  }

  /**
   * This, if its axes are those that are expected.
   *
   * @throws SpyhopException if they are others
   */
  public Tensor require(Axes expected) {
    if (axes.equals(expected)) return this;
    throw new SpyhopException(
        "Tensor: expected axes "
            + expected
            + ", received "
            + this
            + ". Bring its values into that order.");
  }

  /** Axes and shape, such as {@code NCHW[1, 3, 224, 224]}. */
  @Override
  public String toString() {
    return axes + Arrays.toString(shape);
  }
}
