package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;

/** The tensors a network needs, with their names and shapes. */
public final class Parameters {

  private static final String SPACE = "DHW";

  private Parameters() {}

  /** All parameters, layer by layer; running statistics included. */
  public static List<Parameter> of(Network network) {
    List<Parameter> all = new ArrayList<>();
    network.layers().forEach(layer -> all.addAll(of(layer)));
    return List.copyOf(all);
  }

  /** The parameters of one layer: kernel first, then bias; none for most layers. */
  public static List<Parameter> of(Layer layer) {
    List<Parameter> all = new ArrayList<>();
    if (layer instanceof Layer.Convolution l) {
      all.add(kernel(l, "OI", l.filters(), l.channels() / l.groups(), l.kernel()));
      if (l.bias()) all.add(vector(l, "bias", Parameter.Role.BIAS, l.filters()));
    } else if (layer instanceof Layer.TransposedConvolution l) {
      all.add(kernel(l, "IO", l.channels(), l.filters(), l.kernel()));
      if (l.bias()) all.add(vector(l, "bias", Parameter.Role.BIAS, l.filters()));
    } else if (layer instanceof Layer.Dense l) {
      all.add(kernel(l, "OI", l.units(), l.features(), List.of()));
      if (l.bias()) all.add(vector(l, "bias", Parameter.Role.BIAS, l.units()));
    } else if (layer instanceof Layer.BatchNorm l) {
      all.add(vector(l, "weight", Parameter.Role.SCALE, l.channels()));
      all.add(vector(l, "bias", Parameter.Role.SHIFT, l.channels()));
      all.add(vector(l, "running_mean", Parameter.Role.RUNNING_MEAN, l.channels()));
      all.add(vector(l, "running_var", Parameter.Role.RUNNING_VARIANCE, l.channels()));
    } else if (layer instanceof Layer.PRelu l) {
      all.add(vector(l, "weight", Parameter.Role.SLOPE, l.channels()));
    }
    return List.copyOf(all);
  }

  /**
   * Number of trained values: running statistics are not counted, as is customary.
   *
   * @throws SpyhopException if it exceeds 2^63 - 1
   */
  public static long count(Network network) {
    long count = 0;
    for (Parameter p : of(network)) {
      if (p.role().isTrained()) count = add(count, p);
    }
    return count;
  }

  private static long add(long count, Parameter p) {
    try {
      return Math.addExact(count, p.length());
    } catch (ArithmeticException e) {
      throw new SpyhopException(
          "layer " + p.layer() + ": more parameters than can be counted: " + p.shape(), e);
    }
  }

  private static Parameter kernel(
      Layer layer, String letters, int first, int second, List<Integer> kernel) {
    List<Integer> shape = new ArrayList<>(List.of(first, second));
    shape.addAll(kernel);
    Axes axes = new Axes(letters + SPACE.substring(SPACE.length() - kernel.size()));
    return new Parameter(
        layer.name() + ".weight", layer.name(), Parameter.Role.KERNEL, axes, shape);
  }

  private static Parameter vector(Layer layer, String part, Parameter.Role role, int length) {
    return new Parameter(layer.name() + "." + part, layer.name(), role, Axes.C, List.of(length));
  }
}
