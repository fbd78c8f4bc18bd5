package sc.fiji.spyhop.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Named tensors, in order. Names are those of {@link sc.fiji.spyhop.network.Parameter}.
 *
 * @param tensors unmodifiable; iteration order is kept
 */
public record Weights(Map<String, Tensor> tensors) {

  /** Copies the map, not the tensors. */
  public Weights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * One tensor by name.
   *
   * @param name such as {@code conv1.weight}
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(String name) {
    Tensor t = tensors.get(name);
    if (t == null) throw new IllegalArgumentException("weights: no tensor named " + name);
    return t;
  }

  /**
   * The sum with others, such as gradients.
   *
   * @param others tensors of the same shapes; of names that are missing among them, these stay
   * @param factor of the others
   * @throws SpyhopException if a tensor is none of these, or has another shape
   */
  public Weights plus(Weights others, double factor) {
    Map<String, Tensor> sum = new LinkedHashMap<>(tensors);
    others.tensors.forEach(
        (name, t) -> {
          Tensor own = tensors.get(name);
          if (own == null || !Arrays.equals(own.shape(), t.shape())) {
            throw new SpyhopException(
                Strings.format(
                    "Weights: expected those of the same network, %s, received %s %s.",
                    own == null ? "without " + name : "with " + name + " as " + own, name, t));
          }
          float[] values = own.data().clone();
          for (int i = 0; i < values.length; i++) values[i] += (float) (factor * t.data()[i]);
          sum.put(name, new Tensor(own.axes(), own.shape(), values));
        });
    return new Weights(sum);
  }

  /**
   * Refuses values that are no numbers, with which a network would say nothing.
   *
   * @return these
   * @throws SpyhopException naming the first layer that has such
   */
  public Weights requireFinite() {
    tensors.forEach(
        (name, t) -> {
          for (float v : t.data()) {
            if (Float.isFinite(v)) continue;
            int dot = name.lastIndexOf('.');
            throw new SpyhopException(
                "the weights of layer "
                    + (dot > 0 ? name.substring(0, dot) : name)
                    + " are no numbers ("
                    + v
                    + " in "
                    + name
                    + "): expected a network whose training came to a good end; get or train it anew.");
          }
        });
    return this;
  }

  /**
   * The same values in the order and with the axes that the network asks for; data is shared.
   *
   * @param network whose parameters have these names
   * @throws SpyhopException if a tensor is missing, is not one of the network's, or has another
   *     shape; the first such tensor is named
   */
  public Weights fittedTo(Network network) {
    Map<String, Tensor> fitted = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (Parameter p : Parameters.of(network)) {
      Tensor t = tensors.get(p.name());
      if (t == null) {
        missing.add(p.name());
        continue;
      }
      List<Integer> shape = Arrays.stream(t.shape()).boxed().toList();
      if (!shape.equals(p.shape())) {
        throw new SpyhopException(
            "weights: tensor "
                + p.name()
                + ": expected shape "
                + p.shape()
                + ", received "
                + shape);
      }
      fitted.put(p.name(), t.reshape(p.axes(), t.shape()));
    }
    Set<String> surplus = new TreeSet<>(tensors.keySet());
    surplus.removeAll(fitted.keySet());
    if (!missing.isEmpty()) {
      throw new SpyhopException(
          "weights: tensor "
              + missing.get(0)
              + more(missing.size())
              + " of the network is missing"
              + (surplus.isEmpty() ? "" : "; received " + surplus.iterator().next() + " instead"));
    }
    if (!surplus.isEmpty()) {
      throw new SpyhopException(
          "weights: tensor "
              + surplus.iterator().next()
              + more(surplus.size())
              + " is not one of the network's");
    }
    return new Weights(fitted);
  }

  private static String more(int count) {
    return count == 1 ? "" : " (and " + (count - 1) + " more)";
  }
}
