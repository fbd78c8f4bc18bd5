package sc.fiji.spyhop.weights;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.tensor.Tensor;

/** Takes weights over from a network to one that {@link Surgery} made of it. */
public final class Transfer {

  private Transfer() {}

  /**
   * Weights for a network: old ones where the name and the shape are the same, fresh ones
   * elsewhere. Where only the number of channels of the image differs, kernels are summed over the
   * old channels and shared equally among the new, so that a gray image in all channels gives what
   * it gave.
   *
   * @param network what {@link Surgery} made of the old network; of its layers with old names,
   *     those fed by the image may have another number of channels
   * @param old weights of the old network; data of what stays is shared
   * @param scheme for what is fresh
   * @param seed of what is fresh, as in {@link Initialization#of}
   * @throws SpyhopException if a tensor has the name of one of the network's but does not fit
   */
  public static Weights to(Network network, Weights old, Initialization.Scheme scheme, long seed) {
    Map<String, Tensor> fresh = new LinkedHashMap<>();
    Initialization.of(network, scheme, seed, p -> !old.tensors().containsKey(p.name()))
        .tensors()
        .forEach(fresh::put);
    Set<String> ofImage = fedByImage(network);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(network)) {
      Tensor kept = old.tensors().get(p.name());
      tensors.put(
          p.name(),
          kept == null ? fresh.get(p.name()) : fitted(kept, p, ofImage.contains(p.layer())));
    }
    return new Weights(tensors);
  }

  /** Layers that see the channels of the image, with no kernel between. */
  private static Set<String> fedByImage(Network network) {
    Set<String> raw = new HashSet<>();
    network.inputs().forEach(i -> raw.add(i.name()));
    Set<String> fed = new HashSet<>();
    for (Layer layer : network.layers()) {
      if (layer.inputs().stream().noneMatch(raw::contains)) continue;
      fed.add(layer.name());
      boolean mixes = layer.parameters().stream().anyMatch(p -> p.role() == Parameter.Role.KERNEL);
      if (!mixes) raw.add(layer.name());
    }
    return fed;
  }

  /**
   * The weights of a part that was cut out of a network; data is shared.
   *
   * @param part whose layers have the names that they had in the whole
   * @param all weights of the whole
   */
  public static Weights part(Network part, Weights all) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Parameters.of(part).forEach(p -> tensors.put(p.name(), all.get(p.name())));
    return new Weights(tensors);
  }

  /** Layers of a network whose weights {@link #to} would take over: what a first phase freezes. */
  public static Set<String> kept(Network network, Weights old) {
    return Parameters.of(network).stream()
        .filter(p -> old.tensors().containsKey(p.name()))
        .map(Parameter::layer)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Tensor fitted(Tensor old, Parameter p, boolean ofImage) {
    List<Integer> shape = Arrays.stream(old.shape()).boxed().toList();
    if (shape.equals(p.shape())) return old.reshape(p.axes(), old.shape());
    int along = p.axes().indexOf('I');
    boolean perChannel = p.role() != Parameter.Role.KERNEL && p.role() != Parameter.Role.BIAS;
    if (perChannel) along = 0;
    boolean fits = ofImage && along >= 0 && shape.size() == p.shape().size();
    for (int i = 0; fits && i < shape.size(); i++) {
      fits = i == along || shape.get(i).equals(p.shape().get(i));
    }
    if (!fits) {
      throw new SpyhopException(
          "weights: "
              + p.name()
              + ": expected shape "
              + p.shape()
              + ", received "
              + shape
              + "; they belong to another network");
    }
    return spread(old, p, along);
  }

  /** Sums over an axis (or, for values of single channels, averages) and repeats the result. */
  private static Tensor spread(Tensor old, Parameter p, int axis) {
    int from = old.size(axis);
    int to = p.shape().get(axis);
    int inner = 1;
    for (int i = axis + 1; i < old.rank(); i++) inner *= old.size(i);
    int outer = old.length() / from / inner;
    double share = p.role() == Parameter.Role.KERNEL ? 1.0 / to : 1.0 / from;
    float[] result = new float[outer * to * inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        double sum = 0;
        for (int c = 0; c < from; c++) sum += old.data()[(o * from + c) * inner + i];
        for (int c = 0; c < to; c++) result[(o * to + c) * inner + i] = (float) (share * sum);
      }
    }
    return new Tensor(p.axes(), p.shape().stream().mapToInt(Integer::intValue).toArray(), result);
  }
}
