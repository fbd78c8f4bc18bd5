package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Draws images for validation: whole groups of such that show one thing, as long as some of each
 * class are left to train on. The same names, fraction and seed give the same split, in whatever
 * order a set lists them.
 *
 * @param fraction of the images for validation, in [0, 1). Above 0 gives at least one image of each
 *     class for validation if there are two or more in two or more groups; training always keeps at
 *     least one
 */
public record Splitter(Grouping grouping, double fraction, long seed) {

  private static final int NONE = -1;

  /** Throws an {@link IllegalArgumentException} if the fraction is not from 0 to below 1. */
  public Splitter {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "split: expected a fraction from 0 to below 1, received " + fraction);
    }
  }

  /**
   * Splits images of whatever kind. Both parts keep the order of the set.
   *
   * @param all in any order
   * @param notes told, for the user, how many groups there are on each side
   */
  public <T> Split<T> split(Dataset<T> all, Consumer<String> notes) {
    return split(all, Collections.nCopies(all.size(), 0), notes);
  }

  /**
   * Splits images class by class, so that both parts have about the same mixture.
   *
   * @param all in any order
   * @param classes number of the class of each image
   * @param notes told, for the user, how many groups there are on each side
   * @throws SpyhopException if the groups that the user asks for leave none for validation
   */
  public <T> Split<T> split(Dataset<T> all, List<Integer> classes, Consumer<String> notes) {
    return splitSeveral(all, classes.stream().map(List::of).toList(), notes);
  }

  /**
   * The same where an image may be of several classes, or of none: as far as possible both parts
   * have the same share of each.
   *
   * @param classes numbers of the classes of each image
   */
  public <T> Split<T> splitSeveral(
      Dataset<T> all, List<List<Integer>> classes, Consumer<String> notes) {
    Set<Integer> spared = validationOfSeveral(all.names(), classes, notes);
    List<Integer> train =
        IntStream.range(0, all.size()).boxed().filter(i -> !spared.contains(i)).toList();
    return new Split<>(all.select(train), all.select(List.copyOf(spared)));
  }

  /** Positions of the images to validate on, in ascending order; else as above. */
  public Set<Integer> validation(
      List<String> names, List<Integer> classes, Consumer<String> notes) {
    return validationOfSeveral(names, classes.stream().map(List::of).toList(), notes);
  }

  private Set<Integer> validationOfSeveral(
      List<String> names, List<List<Integer>> classes, Consumer<String> notes) {
    if (fraction == 0) return Set.of();
    List<String> groups = grouping.of(names);
    Set<Integer> spared = drawn(names, groups, classes);
    boolean single = new HashSet<>(groups).size() == groups.size();
    if (spared.isEmpty() && !single) {
      boolean one = new HashSet<>(groups).size() == 1;
      if (grouping.isAsked()) {
        throw new SpyhopException(
            Strings.format(
                "No group of images can be validated on, since %s. Group the images otherwise, or"
                    + " choose a validation set of 0 percent.",
                one
                    ? "all are of the group " + groups.get(0)
                    : "each holds all images of some class"));
      }
      notes.accept(
          Strings.format(
              "Validation is on single slices, since %s: they resemble slices that are trained on,"
                  + " so figures may be too good.",
              one
                  ? "all images are of one stack by their names (" + names.get(0) + ")"
                  : "some classes are in one stack only"));
      return drawn(names, names, classes);
    }
    if (grouping.isAsked() || !single) notes.accept(sides(groups, spared));
    return spared;
  }

  private static String sides(List<String> groups, Set<Integer> spared) {
    Set<String> held = new HashSet<>();
    for (int i : spared) held.add(groups.get(i));
    return Strings.format(
        "Images that belong together stay on one side: %d groups (%d images) to train on, %d (%d)"
            + " to validate on.",
        new HashSet<>(groups).size() - held.size(),
        groups.size() - spared.size(),
        held.size(),
        spared.size());
  }

  /**
   * Greedy, in the order of chance; then for each class that has none, the smallest group that has.
   */
  private Set<Integer> drawn(List<String> names, List<String> groups, List<List<Integer>> classes) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, names.size()).boxed().toList());
    order.sort(Comparator.comparing(names::get));
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int i : order) members.computeIfAbsent(groups.get(i), g -> new ArrayList<>()).add(i);
    List<List<Integer>> drawn = new ArrayList<>(members.values());
    Collections.shuffle(drawn, new Random(seed));
    Wanted wanted = new Wanted(counts(classes, order), fraction);
    Set<Integer> spared = new TreeSet<>();
    for (List<Integer> group : drawn) {
      if (wanted.takes(counts(classes, group), wanted::isNearer)) spared.addAll(group);
    }
    drawn.sort(Comparator.comparing(List::size));
    for (List<Integer> group : drawn) {
      if (wanted.takes(counts(classes, group), wanted::isFirst)) spared.addAll(group);
    }
    return spared;
  }

  /** Images that are of none count as a class of their own. */
  private static Map<Integer, Integer> counts(List<List<Integer>> classes, List<Integer> images) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i : images) {
      List<Integer> of = classes.get(i).isEmpty() ? List.of(NONE) : classes.get(i);
      of.forEach(c -> counts.merge(c, 1, Integer::sum));
    }
    return counts;
  }

  /** How many images of each class are still wanted for validation. */
  private static final class Wanted {
    private final Map<Integer, Integer> train;
    private final Map<Integer, Integer> missing = new HashMap<>();
    private final Set<Integer> unseen;

    Wanted(Map<Integer, Integer> all, double fraction) {
      train = new HashMap<>(all);
      all.forEach((c, n) -> missing.put(c, Math.max(1, (int) Math.round(fraction * n))));
      unseen = new HashSet<>(all.keySet());
    }

    /** Whether validation comes nearer to what it should have, or as near, with a group. */
    boolean isNearer(Map<Integer, Integer> group) {
      int gain = 0;
      for (var e : group.entrySet()) {
        int useful = Math.min(e.getValue(), Math.max(0, missing.get(e.getKey())));
        gain += 2 * useful - e.getValue();
      }
      return gain >= 0;
    }

    /** Whether validation has none yet of one of the classes of a group. */
    boolean isFirst(Map<Integer, Integer> group) {
      return !Collections.disjoint(unseen, group.keySet());
    }

    /** Takes a group that is wanted if training keeps some of each class. */
    boolean takes(Map<Integer, Integer> group, Predicate<Map<Integer, Integer>> isWanted) {
      boolean last = group.entrySet().stream().anyMatch(e -> train.get(e.getKey()) <= e.getValue());
      if (last || !isWanted.test(group)) return false;
      group.forEach(
          (c, n) -> {
            train.merge(c, -n, Integer::sum);
            missing.merge(c, -n, Integer::sum);
          });
      unseen.removeAll(group.keySet());
      return true;
    }
  }

  /**
   * Looks whether two parts that the user has made share a group.
   *
   * @throws SpyhopException if they do by the groups that the user asks for; else it is noted
   */
  public void check(Split<?> split, Consumer<String> notes) {
    List<String> names = new ArrayList<>(split.train().names());
    List<String> held = new ArrayList<>(split.validation().names());
    if (!grouping.isAsked()) {
      // images of one name in two subsets need not show one thing
      held.removeAll(Set.copyOf(names));
    }
    int trained = names.size();
    names.addAll(held);
    List<String> groups = grouping.of(names);
    Set<String> both = new TreeSet<>(groups.subList(0, trained));
    both.retainAll(new HashSet<>(groups.subList(trained, groups.size())));
    if (both.isEmpty()) return;
    String found =
        Strings.format(
            "Images that belong together, of %s, are both trained and validated on",
            BadSamples.first(List.copyOf(both)));
    if (grouping.isAsked()) throw new SpyhopException(found + ". Put each group in one subset.");
    notes.accept(found + ": figures may be too good.");
  }
}
