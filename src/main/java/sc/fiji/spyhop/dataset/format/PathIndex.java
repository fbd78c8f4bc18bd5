package sc.fiji.spyhop.dataset.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Paths with slashes, found by paths that name more or fewer of their folders: {@code
 * images/day1/a} by {@code day1/a} and the other way round.
 */
public final class PathIndex {

  private final Map<String, List<String>> byName = new HashMap<>();

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
    TreeMap<Integer, List<String>> byShared = new TreeMap<>();
    String[] parts = path.split("/");
    for (String other : byName.getOrDefault(FileNames.key(last(path)), List.of())) {
      String[] others = other.split("/");
      int shared = shared(parts, others);
      if (shared < Math.min(parts.length, others.length)) continue;
      byShared.computeIfAbsent(shared, s -> new ArrayList<>(1)).add(other);
    }
    if (byShared.isEmpty()) return Optional.empty();
    List<String> found = byShared.lastEntry().getValue();
    List<String> exact = found.stream().filter(path::equals).toList();
    if (exact.size() == 1) return Optional.of(path);
    if (found.size() == 1) return Optional.of(found.get(0));
    throw new SpyhopException(
        Strings.format(
            "Image %s: it may be %s or %s. Name its folder too.",
            path, found.get(0), found.get(1)));
  }

  private static int shared(String[] a, String[] b) {
    int n = 0;
    while (n < Math.min(a.length, b.length)
        && FileNames.key(a[a.length - 1 - n]).equals(FileNames.key(b[b.length - 1 - n]))) n++;
    return n;
  }

  /**
   * The others that belong to some: each to one at most. Where a name is there only once on both
   * sides, folders may differ.
   *
   * @throws SpyhopException if one may belong to several, or several to one
   */
  public static Map<String, String> pair(Set<String> some, Set<String> others) {
    PathIndex index = new PathIndex(others);
    PathIndex own = new PathIndex(some);
    Map<String, String> pairs = new TreeMap<>();
    Map<String, String> taken = new HashMap<>();
    for (String one : some) {
      String name = FileNames.key(last(one));
      List<String> candidates = index.byName.getOrDefault(name, List.of());
      boolean once = candidates.size() == 1 && own.byName.get(name).size() == 1;
      Optional<String> other = once ? Optional.of(candidates.get(0)) : index.find(one);
      if (other.isEmpty()) continue;
      String before = taken.put(other.get(), one);
      if (before != null) {
        throw new SpyhopException(
            Strings.format(
                "Image %s: it may be %s or %s. Name its folder too.", other.get(), before, one));
      }
      pairs.put(one, other.get());
    }
    return pairs;
  }
}
