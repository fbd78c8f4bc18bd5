package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Of several described outputs the one that is kept.
 *
 * @param root the description, with that output alone
 * @param index of it among all
 * @param count of all
 */
record Outputs(Fields root, int index, int count) {

  private static final String OUTPUTS = "outputs";
  private static final String TESTS = "test_outputs";

  /**
   * Chooses.
   *
   * @param keep id or name of the output; empty: the only one, or all
   * @throws SpyhopException if there is none of this name; names all
   */
  static Outputs of(Fields root, String keep) {
    List<Fields> all = root.maps(OUTPUTS);
    if (keep.isBlank()) return new Outputs(root, -1, all.size());
    List<String> names = all.stream().map(Outputs::name).toList();
    int index = names.indexOf(keep);
    if (index < 0) {
      throw new SpyhopException(
          Strings.format(
              "%s: keep: expected the name of one of its outputs (%s), received \"%s\".",
              root.file(), shown(all), Strings.shorten(Strings.visible(keep))));
    }
    Map<Object, Object> one = new HashMap<>(root.values());
    one.put(OUTPUTS, List.of(all.get(index).values()));
    if (index < root.list(TESTS).size()) one.put(TESTS, List.of(root.list(TESTS).get(index)));
    return new Outputs(new Fields(root.file(), root.path(), one), index, all.size());
  }

  static String name(Fields tensor) {
    return tensor.text("id").or(() -> tensor.text("name")).orElse("?");
  }

  /** Names of tensors, in words. */
  static String shown(List<Fields> tensors) {
    return tensors.stream()
        .map(Outputs::name)
        .map(Strings::visible)
        .collect(Collectors.joining(", "));
  }

  /** A network with the output that is kept, and what feeds it. */
  Imported kept(Imported imported) {
    Network network = imported.network();
    if (index < 0 || network.outputs().size() == 1) return imported;
    if (network.outputs().size() != count) {
      throw root.wrong(OUTPUTS, "the network's " + network.outputs().size() + " outputs", count);
    }
    String output = network.outputs().get(index);
    Set<String> needed = new HashSet<>(Set.of(output));
    List<Layer> layers = new ArrayList<>();
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      if (!needed.contains(layer.name())) continue;
      needed.addAll(layer.inputs());
      layers.add(0, layer);
    }
    Network one = new Network(network.inputs(), layers, List.of(output));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Parameters.of(one).forEach(p -> weights.put(p.name(), imported.weights().get(p.name())));
    return new Imported(one, new Weights(weights), imported.notes());
  }
}
