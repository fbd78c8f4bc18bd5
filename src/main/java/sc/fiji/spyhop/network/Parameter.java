package sc.fiji.spyhop.network;

import java.util.List;
import sc.fiji.spyhop.tensor.Axes;

/**
 * One named tensor that a layer needs.
 *
 * @param name layer name, a dot, and the part: {@code conv1.weight}, {@code bn1.running_mean}
 */
public record Parameter(String name, String layer, Role role, Axes axes, List<Integer> shape) {

  public enum Role {
    KERNEL,
    BIAS,
    /** Batch norm's gamma. */
    SCALE,
    /** Batch norm's beta. */
    SHIFT,
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
}
