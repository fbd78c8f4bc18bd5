package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * ND4J's arrays as the processor sees them. On a GPU that is a second copy, which is brought up to
 * date before it is read and counts for the device once it was written.
 */
final class HostArray {

  private HostArray() {}

  /** The values of an array, row by row, in its own memory. */
  static FloatBuffer values(INDArray array) {
    return new FloatPointer(array.data().pointer()).capacity(array.length()).asBuffer();
  }

  /** What the device computed is there for the processor. */
  static void toHost(INDArray array) {
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
  }

  /** What the processor wrote is there for the device. */
  static void fromHost(INDArray array) {
    Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
  }

  /** Writes to an array whose values lie row by row. */
  static INDArray write(INDArray array, float[] values) {
    values(array).put(0, values);
    fromHost(array);
    return array;
  }

  /** A copy outside all workspaces, to be closed. */
  static INDArray copy(float[] values, long... shape) {
    return write(Nd4j.createUninitializedDetached(DataType.FLOAT, shape), values);
  }

  static INDArray copy(Tensor tensor) {
    return copy(tensor.data(), shape(tensor));
  }

  private static long[] shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).asLongStream().toArray();
  }

  /** A copy in the workspace that is open. */
  static INDArray inWorkspace(float[] values, long... shape) {
    return write(Nd4j.createUninitialized(DataType.FLOAT, shape), values);
  }

  static INDArray inWorkspace(Tensor tensor) {
    return inWorkspace(tensor.data(), shape(tensor));
  }

  /** The array itself or a copy, with its values row by row. */
  static INDArray dense(INDArray array) {
    boolean isDense = array.ordering() == 'c' && !array.isView() && array.elementWiseStride() == 1;
    return isDense ? array : array.dup('c');
  }

  /** A copy on the heap, NCHW or NC. */
  static Tensor tensor(INDArray array) {
    INDArray dense = dense(array);
    toHost(dense);
    float[] data = new float[(int) dense.length()];
    values(dense).get(0, data);
    int[] shape = Arrays.stream(dense.shape()).mapToInt(s -> (int) s).toArray();
    return new Tensor(shape.length == 2 ? Axes.NC : Axes.NCHW, shape, data);
  }
}
