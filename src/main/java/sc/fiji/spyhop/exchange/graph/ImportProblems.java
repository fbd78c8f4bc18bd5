package sc.fiji.spyhop.exchange.graph;

import java.util.LinkedHashSet;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** What of a network has no counterpart here, gathered so that all of it is told at once. */
public final class ImportProblems {

  /** What messages say of networks that have no counterpart here, though they are sound. */
  public static final String NO_LAYER = "Spyhop has no layer for";

  private static final int MAX_TOLD = 20;

  private final Set<String> all = new LinkedHashSet<>();

  /**
   * @param where name of the node or layer
   * @param what such as {@code "operator Einsum"}
   */
  public void add(String where, String what) {
    all.add(what + " (" + where + ")");
  }

  /**
   * @throws SpyhopException if there are any
   */
  public void check(String format) {
    if (all.isEmpty()) return;
    StringBuilder list = new StringBuilder();
    all.stream().limit(MAX_TOLD).forEach(p -> list.append(list.isEmpty() ? "" : "; ").append(p));
    if (all.size() > MAX_TOLD) list.append("; and ").append(all.size() - MAX_TOLD).append(" more");
    throw new SpyhopException(
        Strings.format(
            "This %s network uses what %s: %s. Export it without these, or cut it before them.",
            format, NO_LAYER, list));
  }
}
