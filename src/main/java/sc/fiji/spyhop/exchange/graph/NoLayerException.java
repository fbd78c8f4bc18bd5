package sc.fiji.spyhop.exchange.graph;

import java.util.Collection;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/** A network of another program that may be sound, but that our layers cannot compute. */
public final class NoLayerException extends SpyhopException {
  private static final long serialVersionUID = 1L;

  /** Types of operators or layers, sorted, each once. */
  private final List<String> types;

  /** Whether there are counterparts, but not with such settings and sizes. */
  private final boolean known;

  /**
   * Of a network that was read, and cannot be built.
   *
   * @param types of operators or layers, in the words of the other program
   * @param known whether there are counterparts for all of them, but not with such settings and
   *     sizes
   */
  public NoLayerException(String message, Collection<String> types, boolean known) {
    super(message);
    this.types = types.stream().distinct().sorted().toList();
    this.known = known;
  }

  /** What went wrong with a file, with its name in front; of the same class if it is this. */
  public static SpyhopException named(Object file, SpyhopException e) {
    String message = file + ": " + e.getMessage();
    return e instanceof NoLayerException n
        ? new NoLayerException(message, n.types, n.known)
        : new SpyhopException(message, e);
  }

  /** Whether the network might be computed if images had another size. */
  public boolean mayHangOnSize() {
    return known;
  }

  /** Types of the operators or layers that stand in the way, sorted. */
  public List<String> types() {
    return types;
  }
}
