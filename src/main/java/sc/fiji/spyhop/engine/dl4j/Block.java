package sc.fiji.spyhop.engine.dl4j;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A dense row-major float array outside the heap, seen by ND4J and by Java alike. Values are
 * undefined at first. Freed by {@link #close}, after which its buffers must not be touched.
 */
final class Block implements AutoCloseable {

  private static final AtomicLong LIVE = new AtomicLong();

  final INDArray array;

  /** The values. */
  final FloatBuffer data;

  /** The same values as bits. */
  final IntBuffer bits;

  final int length;
  private final int[] shape;

  Block(int... shape) {
    long count = Tensor.length(shape);
    this.shape = shape.clone();
    length = (int) count;
    long[] sizes = new long[shape.length];
    for (int i = 0; i < shape.length; i++) sizes[i] = shape[i];
    array = allocate(sizes, count);
    Pointer pointer = array.data().addressPointer();
    data = new FloatPointer(pointer).capacity(count).asBuffer();
    bits = new IntPointer(pointer).capacity(count).asBuffer();
    LIVE.addAndGet(count);
    if (data.order() != ByteOrder.nativeOrder()) throw new AssertionError("byte order");
  }

  private static INDArray allocate(long[] sizes, long count) {
    try {
      return Nd4j.createUninitializedDetached(DataType.FLOAT, sizes);
    } catch (OutOfMemoryError e) {
      throw new SpyhopException(
          "Not enough memory for "
              + (count * Float.BYTES >> 20)
              + " MB more outside the Java heap; use smaller tiles or fewer images at a time.",
          e);
    }
  }

  static Block of(Tensor tensor) {
    Block block = new Block(tensor.shape());
    block.data.put(0, tensor.data());
    return block;
  }

  int[] shape() {
    return shape.clone();
  }

  int size(int dimension) {
    return shape[dimension];
  }

  int rank() {
    return shape.length;
  }

  /** Product of the spatial sizes. */
  int space() {
    int space = 1;
    for (int i = 2; i < shape.length; i++) space *= shape[i];
    return space;
  }

  /** A copy on the heap. */
  Tensor toTensor(Axes axes) {
    float[] values = new float[length];
    data.get(0, values);
    return new Tensor(axes, shape, values);
  }

  /** A copy on the heap, NCHW or NC. */
  Tensor toTensor() {
    return toTensor(shape.length == 2 ? Axes.NC : Axes.NCHW);
  }

  void copyFrom(Block other) {
    Parallel.ranges(length, (from, to) -> data.put(from, other.data, from, to - from));
  }

  void add(Block other) {
    Elementwise.update(
        this,
        other,
        (a, b, n) -> {
          for (int i = 0; i < n; i++) a[i] += b[i];
        });
  }

  @Override
  public void close() {
    LIVE.addAndGet(-length);
    array.close();
  }

  /** Values in blocks that are not closed yet, of the whole process. */
  static long live() {
    return LIVE.get();
  }
}
