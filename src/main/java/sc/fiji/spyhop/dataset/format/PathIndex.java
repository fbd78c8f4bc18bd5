package sc.fiji.spyhop.dataset.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;

/**
 * Paths with slashes, found by paths that name more or fewer of their folders: {@code
 * images/day1/a} by {@code day1/a} and the other way round.
 */
public final class PathIndex {

  private final Map<String, List<String>> byName = new HashMap<>();

  /** Takes in paths with slashes; names of files are compared as {@link FileNames#key} says. */
  public PathIndex(Collection<String> paths) {
    for (String path : paths) {
      byName.computeIfAbsent(FileNames.key(last(path)), n -> new ArrayList<>(1)).add(path);
    }
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * The one that is meant: of those with the same name, the one all of whose folders are the same,
   * as far as both name some.
   *
   * @throws SpyhopException if it may be several
   */
  public Optional<String> find(String path) {
    TreeMap<Integer, List<String>> byFit = new TreeMap<>();
    fitting(path)
        .forEach((other, fit) -> byFit.computeIfAbsent(fit, f -> new ArrayList<>(1)).add(other));
    if (byFit.isEmpty()) return Optional.empty();
    List<String> found = byFit.lastEntry().getValue();
    if (found.size() > 1) throw Pairs.ambiguous(path, found.get(0), found.get(1));
    return Optional.of(found.get(0));
  }

  /** Those that may be meant, and how many names of the path they share; itself before all. */
  private Map<String, Integer> fitting(String path) {
    Map<String, Integer> fitting = new LinkedHashMap<>();
    String[] parts = path.split("/");
    for (String other : named(path)) {
      String[] others = other.split("/");
      int shared = shared(parts, others);
      if (shared < Math.min(parts.length, others.length)) continue;
      fitting.put(other, path.equals(other) ? Integer.MAX_VALUE : shared);
    }
    return fitting;
  }

  private List<String> named(String path) {
    return byName.getOrDefault(FileNames.key(last(path)), List.of());
  }

  private static int shared(String[] a, String[] b) {
    int n = 0;
    while (n < Math.min(a.length, b.length)
        && FileNames.key(a[a.length - 1 - n]).equals(FileNames.key(b[b.length - 1 - n]))) n++;
    return n;
  }

  /**
   * The others that belong to some: each to one at most, of those that share more folders first.
   * Where a name is there only once on both sides, folders may differ.
   *
   * @throws SpyhopException if one may belong to several, or several to one
   */
  public static Map<String, String> pair(Set<String> some, Set<String> others) {
    PathIndex index = new PathIndex(others);
    PathIndex own = new PathIndex(some);
    Pairs pairs = new Pairs();
    for (String one : some) {
      List<String> named = index.named(one);
      if (named.size() == 1 && own.named(one).size() == 1) pairs.add(one, named.get(0), 0);
      index.fitting(one).forEach((other, shared) -> pairs.add(one, other, shared));
    }
    return pairs.found();
  }
}
