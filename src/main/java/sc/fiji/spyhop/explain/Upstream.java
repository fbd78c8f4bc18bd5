package sc.fiji.spyhop.explain;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;

/** What an answer depends on. */
final class Upstream {

  private Upstream() {}

  /** A layer and all those whose outputs reach it, in the order of the network. */
  static List<Layer> of(Network network, String end) {
    Set<String> names = new HashSet<>(Set.of(end));
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      Layer l = network.layers().get(i);
      if (names.contains(l.name())) names.addAll(l.inputs());
    }
    return network.layers().stream().filter(l -> names.contains(l.name())).toList();
  }
}
