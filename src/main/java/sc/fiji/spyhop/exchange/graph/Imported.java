package sc.fiji.spyhop.exchange.graph;

import java.util.List;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network of another program, in our layers.
 *
 * @param weights all parameters of the network and nothing else
 * @param notes what a user should know of how it was brought over, sentences
 */
public record Imported(Network network, Weights weights, List<String> notes) {
  public Imported {
    weights = weights.fittedTo(network);
    notes = List.copyOf(notes);
  }
}
