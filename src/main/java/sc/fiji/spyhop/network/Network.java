package sc.fiji.spyhop.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;

/**
 * The architecture of a convolutional network, as data: named layers in an order in which each
 * comes after those that feed it. Constructing one checks names and order; {@link Shapes} checks
 * that the layers fit each other.
 *
 * @param inputs what goes in
 * @param layers in topological order, names unique, also among inputs
 * @param outputs names of the layers whose activations are the result
 */
public record Network(List<Input> inputs, List<Layer> layers, List<String> outputs) {

  /**
   * What goes into a network by a name.
   *
   * @param name referred to by layers
   * @param shape channels and spatial sizes, {@link Shape#ANY} where every size will do
   */
  public record Input(String name, Shape shape) {
    /** Refuses an empty name, and a shape that is missing. */
    public Input {
      Checks.name("input", name);
      Checks.present(name, "shape", shape);
    }
  }

  /**
   * Copies the lists and checks them.
   *
   * @throws SpyhopException if there is no input or output, a name is there twice, a layer is fed
   *     by what does not come before it, or an output is not a layer
   */
  public Network {
    inputs = Checks.list("network: the list of inputs", inputs);
    layers = Checks.list("network: the list of layers", layers);
    outputs = Checks.list("network: the list of outputs", outputs);
    if (inputs.isEmpty()) throw new SpyhopException("network: expected at least one input");
    if (outputs.isEmpty()) throw new SpyhopException("network: expected at least one output");
    Set<String> known = new HashSet<>();
    for (Input input : inputs) {
      if (!known.add(input.name())) throw twice(input.name());
    }
    for (Layer layer : layers) {
      for (String from : layer.inputs()) {
        if (!known.contains(from)) {
          throw new SpyhopException(
              "layer " + layer.name() + ": no layer or input named " + from + " comes before it");
        }
      }
      if (!known.add(layer.name())) throw twice(layer.name());
    }
    inputs.forEach(input -> known.remove(input.name()));
    Set<String> named = new HashSet<>();
    for (String output : outputs) {
      if (!known.contains(output)) {
        throw new SpyhopException("network: the output " + output + " is not one of its layers");
      }
      if (!named.add(output)) {
        throw new SpyhopException("network: the output " + output + " is listed twice");
      }
    }
  }

  private static SpyhopException twice(String name) {
    return new SpyhopException("network: the name " + name + " is used twice");
  }

  /**
   * One layer by name.
   *
   * @param name of a layer, not of an input
   * @throws SpyhopException if there is none
   */
  public Layer layer(String name) {
    return layers.stream()
        .filter(l -> l.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new SpyhopException("network: no layer is named " + name));
  }
}
