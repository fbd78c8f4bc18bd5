package sc.fiji.spyhop.exchange.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network of another program, in our layers.
 *
 * @param weights all parameters of the network and nothing else
 * @param notes what a user should know of how it was brought over, sentences
 * @param values of the foreign network that an input or a layer gives as well, by the names that
 *     they have there, in the order of its operations; those that were folded away are not among
 *     them
 * @param cut what was left out behind the outputs, and so changes what they mean
 */
public record Imported(
    Network network,
    Weights weights,
    List<String> notes,
    Map<String, Feature> values,
    Optional<String> cut) {
  /** Gives weights the axes that the network's parameters have, and copies lists and maps. */
  public Imported {
    weights = weights.fittedTo(network);
    notes = List.copyOf(notes);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** All of it, without a word on which values are the same. */
  public Imported(Network network, Weights weights, List<String> notes) {
    this(network, weights, notes, Map.of(), Optional.empty());
  }

  /**
   * This network.
   *
   * @throws NoLayerException if something is left out behind its outputs
   */
  public Imported whole() {
    if (cut.isEmpty()) return this;
    throw new NoLayerException(
        "This network goes on behind its convolutions with what Spyhop has no layer for: "
            + cut.get()
            + ". Export it without that.",
        List.of("what follows its convolutions"),
        true);
  }
}
