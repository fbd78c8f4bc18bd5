package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A dense row-major float array in the memory of ND4J's device. Values are undefined at first.
 * Freed by {@link #close}.
 *
 * <p>The processor sees it through {@link #host}: on a GPU a second copy, which is brought up to
 * date by {@link #toHost} and counts for the device after {@link #fromHost}; elsewhere the array
 * itself.
 */
final class Block implements AutoCloseable {

  private static final AtomicLong LIVE = new AtomicLong();

  final INDArray array;
  final int length;
  private final int[] shape;

  Block(int... shape) {
    long count = Tensor.length(shape);
    this.shape = shape.clone();
    length = (int) count;
    array = allocate(Arrays.stream(shape).asLongStream().toArray(), count);
    LIVE.addAndGet(count);
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

  private Block(INDArray array, int[] shape) {
    this.array = array;
    this.shape = shape;
    length = (int) array.length();
  }

  /** Some of the first dimension, in the same memory; not to be closed. */
  Block rows(int from, int count) {
    int[] sizes = shape.clone();
    sizes[0] = count;
    return new Block(array.get(NDArrayIndex.interval(from, from + count)), sizes);
  }

  static Block of(Tensor tensor) {
    Block block = new Block(tensor.shape());
    block.write(tensor.data());
    return block;
  }

  int[] shape() {
    return shape.clone();
  }

  int size(int dimension) {
    return shape[dimension];
  }

  /** Product of the spatial sizes. */
  int space() {
    int space = 1;
    for (int i = 2; i < shape.length; i++) space *= shape[i];
    return space;
  }

  /** The same values in another shape. */
  INDArray view(long... sizes) {
    return array.reshape('c', sizes);
  }

  /** Some channels, as samples and what they hold. */
  INDArray channels(int from, int count) {
    long space = space();
    return view(shape[0], shape[1] * space)
        .get(NDArrayIndex.all(), NDArrayIndex.interval(from * space, (from + count) * space));
  }

  /** The same values as samples, channels and places. */
  INDArray places() {
    return view(shape[0], shape[1], space());
  }

  /** One value for each channel, to be used together with {@link #places}. */
  INDArray perChannel() {
    return view(1, length, 1);
  }

  /** As the processor sees it; must not be touched after {@link #close}. */
  FloatBuffer host() {
    return new FloatPointer(array.data().pointer()).capacity(length).asBuffer();
  }

  /** What the device computed is there for the processor. */
  void toHost() {
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
  }

  /** What the processor wrote is there for the device. */
  void fromHost() {
    Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
  }

  void write(float[] values) {
    host().put(0, values);
    fromHost();
  }

  /** A copy on the heap. */
  Tensor toTensor(Axes axes) {
    float[] values = new float[length];
    toHost();
    host().get(0, values);
    return new Tensor(axes, shape, values);
  }

  /** A copy on the heap, NCHW or NC. */
  Tensor toTensor() {
    return toTensor(shape.length == 2 ? Axes.NC : Axes.NCHW);
  }

  /** Values in the same order; the shape may be another. */
  void copyFrom(Block other) {
    view(length).assign(other.view(length));
  }

  void add(Block other) {
    array.addi(other.array);
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
