package sc.fiji.spyhop.network;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Other names for layers. */
final class Renaming {

  private Renaming() {}

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
    return layer.renamed(names.apply(layer.name()), layer.inputs().stream().map(names).toList());
  }
}
