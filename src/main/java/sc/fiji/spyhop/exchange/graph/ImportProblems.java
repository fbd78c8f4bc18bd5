package sc.fiji.spyhop.exchange.graph;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.util.Strings;

/** What of a network has no counterpart here, gathered so that all of it is told at once. */
public final class ImportProblems {

  private static final int MAX_TOLD = 20;

  /** By what is the matter, where it is. */
  private final Map<String, Set<String>> all = new LinkedHashMap<>();

  private final Set<String> types = new LinkedHashSet<>();
  private boolean known = true;

  /**
   * Takes down one layer that has no counterpart.
   *
   * @param where name of the node or layer
   * @param type of the operator or layer, such as {@code Einsum}
   * @param what is the matter with it
   */
  public void add(String where, String type, String what) {
    types.add(type);
    known &= !what.equals(Unsupported.NO_COUNTERPART);
    add(type + ": " + what, where);
  }

  /**
   * Takes down that a node cannot follow where something was left out.
   *
   * @param cause type of what was left out, which stands in the way
   */
  public void addBehind(String where, String type, String cause, Value.Cut cut) {
    types.add(cause);
    add(Strings.format("%s: %s at %s", type, cut.reason(), cut.at()), where);
  }

  private void add(String what, String where) {
    all.computeIfAbsent(what, w -> new LinkedHashSet<>()).add(where);
  }

  /** One sentence's part, such as {@code Mod: there is no counterpart (node a and 11 more)}. */
  private static String told(String what, Set<String> where) {
    String first = where.iterator().next();
    String more = where.size() > 1 ? " and " + (where.size() - 1) + " more" : "";
    return what + " (" + first + more + ")";
  }

  /**
   * Ends the import if something was taken down.
   *
   * @throws NoLayerException if there are any
   */
  public void check(String format) {
    if (all.isEmpty()) return;
    StringBuilder list = new StringBuilder();
    all.entrySet().stream()
        .limit(MAX_TOLD)
        .map(e -> told(e.getKey(), e.getValue()))
        .forEach(p -> list.append(list.isEmpty() ? "" : "; ").append(p));
    if (all.size() > MAX_TOLD) list.append("; and ").append(all.size() - MAX_TOLD).append(" more");
    throw new NoLayerException(
        Strings.format(
            "This %s network uses what Spyhop has no layer for: %s. Export it without these, or cut it before them.",
            format, list),
        types,
        known);
  }
}
