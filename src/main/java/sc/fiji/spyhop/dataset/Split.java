package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.ClassScores;

/**
 * A set in two parts that share no image, so that validation never sees a piece of an image that
 * was trained on.
 */
public record Split<T>(Dataset<T> train, Dataset<T> validation) {

  /**
   * Draws whole images for validation. The same names, fraction and seed give the same split, in
   * whatever order the set lists them; both parts keep the order of the set. Images that show one
   * thing, by their names (see {@link #caution}), stay together where there are several such.
   *
   * @param fraction of the images for validation, in [0, 1). Above 0 gives at least one image for
   *     validation if there are two or more; training always keeps at least one
   */
  public static <T> Split<T> byImage(Dataset<T> all, double fraction, long seed) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "split: expected a fraction from 0 to below 1, received " + fraction);
    }
    int n = all.size();
    List<String> names = all.names();
    List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    order.sort(Comparator.comparing(names::get));
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    List<String> groupOf = Groups.of(names);
    boolean one = new HashSet<>(groupOf).size() == 1;
    for (int i : order) {
      groups.computeIfAbsent(one ? names.get(i) : groupOf.get(i), g -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> drawn = new ArrayList<>(groups.values());
    Collections.shuffle(drawn, new Random(seed));
    int count = (int) Math.round(fraction * n);
    if (fraction > 0) count = Math.max(1, count);
    Set<Integer> spared = new TreeSet<>();
    for (List<Integer> group : drawn.subList(0, Math.max(0, drawn.size() - 1))) {
      boolean fits = spared.size() + group.size() / 2.0 <= count;
      if (count > 0 && (spared.isEmpty() || fits) && spared.size() < count) spared.addAll(group);
    }
    List<Integer> train = order.stream().filter(i -> !spared.contains(i)).sorted().toList();
    return new Split<>(all.select(train), all.select(List.copyOf(spared)));
  }

  /**
   * A sentence if the images are slices, channels or copies of one thing, as their names say, so
   * that {@link #byImage} cannot keep these together.
   */
  public static Optional<String> caution(Dataset<?> all) {
    return all.size() > 1 && new HashSet<>(Groups.of(all.names())).size() == 1
        ? Optional.of(
            "Validation is on single slices, since all images are of one stack by their names ("
                + all.names().get(0)
                + "): they resemble slices that are trained on, so figures may be too good.")
        : Optional.empty();
  }

  /**
   * As {@link #byImage}, class by class, so that both parts have the same mixture: every class with
   * two or more images has at least one for validation.
   */
  public static Split<ClassScores> byClass(
      Dataset<ClassScores> all, double fraction, long seed, List<Integer> classes) {
    return byClasses(all, fraction, seed, classes);
  }

  /** The same for any truth. */
  static <T> Split<T> byClasses(Dataset<T> all, double fraction, long seed, List<Integer> classes) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "split: expected a fraction from 0 to below 1, received " + fraction);
    }
    List<String> names = all.names();
    List<Integer> order = new ArrayList<>(IntStream.range(0, all.size()).boxed().toList());
    order.sort(Comparator.comparing(names::get));
    Collections.shuffle(order, new Random(seed));
    Map<Integer, List<Integer>> byClass = new TreeMap<>();
    for (int i : order) byClass.computeIfAbsent(classes.get(i), c -> new ArrayList<>()).add(i);
    List<Integer> train = new ArrayList<>();
    List<Integer> validation = new ArrayList<>();
    for (List<Integer> members : byClass.values()) {
      int n = members.size();
      int count = (int) Math.round(fraction * n);
      if (fraction > 0) count = Math.max(1, count);
      count = Math.max(0, Math.min(count, n - 1));
      validation.addAll(members.subList(0, count));
      train.addAll(members.subList(count, n));
    }
    return new Split<>(
        all.select(train.stream().sorted().toList()),
        all.select(validation.stream().sorted().toList()));
  }
}
