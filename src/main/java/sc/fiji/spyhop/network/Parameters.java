package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/** The tensors a network needs, with their names and shapes. */
public final class Parameters {

  private Parameters() {}

  /** All parameters, layer by layer; running statistics included. */
  public static List<Parameter> of(Network network) {
    List<Parameter> all = new ArrayList<>();
    network.layers().forEach(layer -> all.addAll(layer.parameters()));
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
}
