package sc.fiji.spyhop.dataset.format;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Images of two sources, such as truth and prediction, brought together by their names, each with
 * one at most: first those that fit best, then of what is left those that fit next best.
 */
public final class Pairs {

  private record Pair(String one, String other) {}

  private final TreeMap<Integer, Set<Pair>> byFit = new TreeMap<>(Collections.reverseOrder());

  /**
   * Says that two may belong together.
   *
   * @param fit how well they fit: greater is better
   */
  public void add(String one, String other, int fit) {
    byFit.computeIfAbsent(fit, f -> new LinkedHashSet<>()).add(new Pair(one, other));
  }

  /**
   * Those that belong together.
   *
   * @return the others by the ones
   * @throws SpyhopException if one may belong to several, or several to one
   */
  public Map<String, String> found() {
    Map<String, String> others = new TreeMap<>();
    Map<String, String> ones = new HashMap<>();
    for (Set<Pair> alike : byFit.values()) {
      List<Pair> left =
          alike.stream()
              .filter(p -> !others.containsKey(p.one) && !ones.containsKey(p.other))
              .toList();
      for (Pair pair : left) {
        require(pair.one, others.putIfAbsent(pair.one, pair.other), pair.other);
        require(pair.other, ones.putIfAbsent(pair.other, pair.one), pair.one);
      }
    }
    return others;
  }

  private static void require(String name, String before, String now) {
    if (before != null) throw ambiguous(name, before, now);
  }

  static SpyhopException ambiguous(String name, String one, String other) {
    return new SpyhopException(
        Strings.format("Image %s: it may be %s or %s. Name its folder too.", name, one, other));
  }
}
