package sc.fiji.spyhop.training.finetuning;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Strings;

/** Which layers of a network that has learned before stay as they are. */
final class Freezing {

  private static final int NAMED = 12;

  private Freezing() {}

  /**
   * Options with the layers to freeze.
   *
   * @param base what was trained before; its batch norms are those whose statistics can be kept
   * @param keepStatistics whether batch norms of the base stay as they are
   * @param upTo layer that stays as it is, with all that leads to it; absent: none
   */
  static TrainingOptions of(
      Network network,
      Network base,
      boolean keepStatistics,
      Optional<String> upTo,
      TrainingOptions options) {
    Set<String> frozen = new LinkedHashSet<>(options.frozenLayers());
    for (Layer layer : base.layers()) {
      if (keepStatistics && layer instanceof BatchNorm) frozen.add(layer.name());
    }
    upTo.ifPresent(at -> Surgery.cutAfter(network, at).layers().forEach(l -> frozen.add(l.name())));
    frozen.retainAll(names(network));
    return options.with().frozenLayers(List.copyOf(frozen)).build();
  }

  /**
   * Refuses names that are not those of layers.
   *
   * @param upTo see {@link #of}
   * @param options whose rates name layers
   */
  static void requireLayers(
      Network network, String model, Optional<String> upTo, TrainingOptions options) {
    Set<String> known = names(network);
    Set<String> unknown = new TreeSet<>(options.rates().keySet());
    upTo.ifPresent(unknown::add);
    unknown.removeAll(known);
    if (unknown.isEmpty()) return;
    List<String> some = new ArrayList<>(known);
    throw new SpyhopException(
        Strings.format(
            "Model %s has no layer %s: expected one of %s%s.",
            model,
            String.join(", ", unknown),
            String.join(", ", some.subList(Math.max(0, some.size() - NAMED), some.size())),
            some.size() > NAMED
                ? " (the last of " + some.size() + "; spyhop models show lists all)"
                : ""));
  }

  private static Set<String> names(Network network) {
    return network.layers().stream()
        .map(Layer::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
