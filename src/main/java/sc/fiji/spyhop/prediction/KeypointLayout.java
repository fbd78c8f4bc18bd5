package sc.fiji.spyhop.prediction;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a model or a data set declares about its keypoints.
 *
 * @param names in order, each once
 * @param skeleton pairs of names that a line is drawn between
 * @param mirrored pairs of names that change places when an image is flipped, such as left and
 *     right ear; each name in at most one
 */
public record KeypointLayout(List<String> names, List<Pair> skeleton, List<Pair> mirrored) {

  /** No keypoints. */
  public static final KeypointLayout NONE = new KeypointLayout(List.of(), List.of(), List.of());

  /** Two different names. */
  public record Pair(String first, String second) {
    /** Throws an {@link IllegalArgumentException} if the two are the same. */
    public Pair {
      if (first.equals(second)) {
        throw new IllegalArgumentException("keypoints: " + first + " is paired with itself");
      }
    }
  }

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a name is there twice, mirrored twice, or not among the
   *     names
   */
  public KeypointLayout {
    names = List.copyOf(names);
    skeleton = List.copyOf(skeleton);
    mirrored = List.copyOf(mirrored);
    Set<String> known = new HashSet<>(names);
    if (known.size() < names.size()) {
      throw new IllegalArgumentException("keypoints: a name is there twice: " + names);
    }
    Set<String> paired = new HashSet<>();
    for (Pair pair : mirrored) {
      if (!paired.add(pair.first) || !paired.add(pair.second)) {
        throw new IllegalArgumentException("keypoints: a name is mirrored twice: " + pair);
      }
    }
    for (List<Pair> pairs : List.of(skeleton, mirrored)) {
      for (Pair pair : pairs) {
        if (!known.contains(pair.first) || !known.contains(pair.second)) {
          throw new IllegalArgumentException(
              "keypoints: expected pairs of " + names + ", received " + pair);
        }
      }
    }
  }

  /** The name a point has in the mirror image. */
  public String mirror(String name) {
    for (Pair pair : mirrored) {
      if (pair.first.equals(name)) return pair.second;
      if (pair.second.equals(name)) return pair.first;
    }
    return name;
  }

  /** The same with mirrored pairs by name: "leftear" and "rightear", "L_eye" and "R_eye". */
  public KeypointLayout withMirroredByName() {
    List<Pair> pairs = new ArrayList<>();
    for (String name : names) {
      counterpart(name).ifPresent(other -> pairs.add(new Pair(name, other)));
    }
    return new KeypointLayout(names, skeleton, pairs);
  }

  /** The "right" to a "left". */
  private Optional<String> counterpart(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Set<String> candidates = new LinkedHashSet<>();
    int at = lower.indexOf("left");
    if (at >= 0) candidates.add(lower.substring(0, at) + "right" + lower.substring(at + 4));
    if (lower.matches("l[_ .-].+")) candidates.add("r" + lower.substring(1));
    if (lower.matches(".+[_ .-]l")) candidates.add(lower.substring(0, lower.length() - 1) + "r");
    return names.stream().filter(n -> candidates.contains(n.toLowerCase(Locale.ROOT))).findFirst();
  }
}
