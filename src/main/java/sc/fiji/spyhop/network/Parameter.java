package sc.fiji.spyhop.network;

import java.util.List;
import sc.fiji.spyhop.tensor.Axes;

/**
 * One named tensor that a layer needs.
 *
 * @param name layer name, a dot, and the part: {@code conv1.weight}, {@code bn1.running_mean}
 * @param layer name of the layer
 * @param axes meaning of each dimension
 * @param shape size of each dimension
 */
public record Parameter(String name, String layer, Role role, Axes axes, List<Integer> shape) {

  public enum Role {
    KERNEL,
    BIAS,
    /** Batch norm's gamma. */
    SCALE,
    /** Batch norm's beta. */
    SHIFT,
    /** Of a parametric ReLU, for negative values. */
    SLOPE,
    RUNNING_MEAN,
    RUNNING_VARIANCE;

    /** Whether gradient descent changes it; running statistics follow the data instead. */
    public boolean isTrained() {
      return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
    }

    /** Whether weight decay applies to it. */
    public boolean isDecayed() {
      return this == KERNEL;
    }
  }

  public Parameter {
    shape = List.copyOf(shape);
  }

  /** Number of values; may exceed what one array can hold. */
  public long length() {
    long length = 1;
    for (int size : shape) length = Math.multiplyExact(length, (long) size);
    return length;
  }
}
