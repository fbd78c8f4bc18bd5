package sc.fiji.spyhop.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Other names for layers. */
public final class Names {

  private Names() {}

  /** A name that is not taken: the wish, or else with a number behind it. */
  static String unused(String wish, Set<String> taken) {
    String name = wish;
    for (int i = 2; taken.contains(name); i++) name = wish + "_" + i;
    return name;
  }

  /** The same network with inputs and layers called by their number, to compare by. */
  static Network numbered(Network network) {
    Map<String, String> numbers = new HashMap<>();
    network.inputs().forEach(i -> numbers.put(i.name(), "" + numbers.size()));
    network.layers().forEach(l -> numbers.put(l.name(), "" + numbers.size()));
    return renamed(network, numbers::get);
  }

  static Network renamed(Network network, UnaryOperator<String> names) {
    return new Network(
        network.inputs().stream()
            .map(i -> new Network.Input(names.apply(i.name()), i.shape()))
            .toList(),
        network.layers().stream().map(l -> renamed(l, names)).toList(),
        network.outputs().stream().map(names).toList());
  }

  static Layer renamed(Layer layer, UnaryOperator<String> names) {
    return renamed(layer, names.apply(layer.name()), layer.inputs().stream().map(names).toList());
  }

  /**
   * The same layer with another name, fed by others.
   *
   * @param inputs as many as the layer has
   */
  public static Layer renamed(Layer layer, String name, List<String> inputs) {
    String in = inputs.get(0);
    if (layer instanceof Layer.Convolution l) {
      return new Layer.Convolution(
          name,
          in,
          l.channels(),
          l.filters(),
          l.kernel(),
          l.stride(),
          l.dilation(),
          l.padding(),
          l.bias(),
          l.groups());
    } else if (layer instanceof Layer.TransposedConvolution l) {
      return new Layer.TransposedConvolution(
          name, in, l.channels(), l.filters(), l.kernel(), l.stride(), l.padding(), l.bias());
    } else if (layer instanceof Layer.BatchNorm l) {
      return new Layer.BatchNorm(name, in, l.channels(), l.epsilon(), l.momentum());
    } else if (layer instanceof Layer.Activation l) {
      return new Layer.Activation(name, in, l.function());
    } else if (layer instanceof Layer.Pooling l) {
      return new Layer.Pooling(
          name,
          in,
          l.kind(),
          l.kernel(),
          l.stride(),
          l.padding(),
          l.ceilMode(),
          l.countIncludePad());
    } else if (layer instanceof Layer.GlobalPooling l) {
      return new Layer.GlobalPooling(name, in, l.kind());
    } else if (layer instanceof Layer.Upsampling l) {
      return new Layer.Upsampling(name, in, l.factor(), l.interpolation());
    } else if (layer instanceof Layer.Dense l) {
      return new Layer.Dense(name, in, l.features(), l.units(), l.bias());
    } else if (layer instanceof Layer.Dropout l) {
      return new Layer.Dropout(name, in, l.rate());
    } else if (layer instanceof Layer.Concat) {
      return new Layer.Concat(name, inputs);
    } else if (layer instanceof Layer.Add) {
      return new Layer.Add(name, inputs);
    } else if (layer instanceof Layer.Multiply) {
      return new Layer.Multiply(name, inputs);
    } else if (layer instanceof Layer.PRelu l) {
      return new Layer.PRelu(name, in, l.channels());
    } else if (layer instanceof Layer.LocalResponseNorm l) {
      return new Layer.LocalResponseNorm(name, in, l.size(), l.alpha(), l.beta(), l.k());
    } else if (layer instanceof Layer.Flatten) {
      return new Layer.Flatten(name, in);
    }
    throw new AssertionError(layer);
  }
}
