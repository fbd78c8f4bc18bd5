package sc.fiji.spyhop.network;

import java.util.List;

/**
 * The architecture of a convolutional network, as data: named layers in an order in which each
 * comes after those that feed it.
 *
 * @param inputs what goes in
 * @param layers in topological order, names unique, also among inputs
 * @param outputs names of the layers whose activations are the result
 */
public record Network(List<Input> inputs, List<Layer> layers, List<String> outputs) {

  /**
   * @param name referred to by layers
   * @param shape channels and spatial sizes, {@link Shape#ANY} where every size will do
   */
  public record Input(String name, Shape shape) {}

  public Network {
    inputs = List.copyOf(inputs);
    layers = List.copyOf(layers);
    outputs = List.copyOf(outputs);
  }
}
