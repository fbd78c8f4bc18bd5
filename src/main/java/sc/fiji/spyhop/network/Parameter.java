package sc.fiji.spyhop.network;

import java.util.ArrayList;
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

  /** What a tensor does in its layer; decides how it is initialised and whether it is trained. */
  public enum Role {
    /** Weights of a convolution or of a dense layer. */
    KERNEL,
    /** One value for each channel, added to it. */
    BIAS,
    /** Batch norm's gamma. */
    SCALE,
    /** Batch norm's beta. */
    SHIFT,
    /** Of a parametric ReLU, for negative values. */
    SLOPE,
    /** Batch norm's moving average of means. */
    RUNNING_MEAN,
    /** Batch norm's moving average of variances. */
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

  private static final String SPACE = "DHW";

  /** Copies the shape. */
  public Parameter {
    shape = List.copyOf(shape);
  }

  /**
   * {@code weight} and, if the layer has one, {@code bias}.
   *
   * @param letters axes of the first two sizes of the kernel, space follows
   * @param outputs length of the bias
   */
  static List<Parameter> kernelAndBias(
      Weighted layer, String letters, int first, int second, List<Integer> kernel, int outputs) {
    List<Integer> shape = new ArrayList<>(List.of(first, second));
    shape.addAll(kernel);
    Axes axes = new Axes(letters + SPACE.substring(SPACE.length() - kernel.size()));
    Parameter weight =
        new Parameter(layer.name() + ".weight", layer.name(), Role.KERNEL, axes, shape);
    return layer.bias()
        ? List.of(weight, perChannel(layer, "bias", Role.BIAS, outputs))
        : List.of(weight);
  }

  /** One value for each channel. */
  static Parameter perChannel(Layer layer, String part, Role role, int channels) {
    return new Parameter(layer.name() + "." + part, layer.name(), role, Axes.C, List.of(channels));
  }

  /** Number of values; may exceed what one array can hold. */
  public long length() {
    long length = 1;
    for (int size : shape) length = Math.multiplyExact(length, (long) size);
    return length;
  }
}
