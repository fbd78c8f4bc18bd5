package sc.fiji.spyhop.task;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** Probabilities from which something is said to be of a class, for classes of their own. */
final class Thresholds {

  /** What is taken where nothing else is known. */
  static final double HALF = 0.5;

  private Thresholds() {}

  static void requireClasses(String what, List<String> classes) {
    if (classes.isEmpty()
        || classes.stream().anyMatch(String::isBlank)
        || classes.stream().distinct().count() != classes.size()) {
      throw new SpyhopException(
          what
              + ": expected at least one class, all of different names, received "
              + classes
              + ".");
    }
  }

  /**
   * One half for each class if none are given.
   *
   * @throws SpyhopException if there are not as many as classes, or one is not from 0 to 1
   */
  static List<Double> checked(String what, List<Double> thresholds, int classes) {
    if (thresholds.isEmpty()) return Collections.nCopies(classes, HALF);
    if (thresholds.size() != classes || !thresholds.stream().allMatch(t -> t >= 0 && t <= 1)) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a threshold from 0 to 1 for each of the %d classes, received %s.",
              what, classes, thresholds));
    }
    return List.copyOf(thresholds);
  }

  /**
   * The threshold with the largest F1: in the middle between two probabilities; of several that are
   * as good the one nearest to one half.
   *
   * @param said probabilities
   * @param truth whether each is of the class
   * @param before what is kept where all or none are of the class, from which nothing is learnt
   */
  static double best(double[] said, List<Boolean> truth, double before) {
    long positive = truth.stream().filter(t -> t).count();
    if (positive == 0 || positive == said.length) return before;
    List<Integer> order =
        IntStream.range(0, said.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> said[i]).reversed())
            .toList();
    double bestF1 = -1;
    double best = before;
    long hits = 0;
    for (int k = 0; k < order.size(); k++) {
      double p = said[order.get(k)];
      if (truth.get(order.get(k))) hits++;
      double next = k + 1 < order.size() ? said[order.get(k + 1)] : 0;
      if (next == p) continue;
      // anything above the next and up to this does: as near to one half as that allows
      double threshold = next < HALF && HALF <= p ? HALF : (p + next) / 2;
      double f1 = 2.0 * hits / (positive + k + 1);
      boolean nearer = Math.abs(threshold - HALF) < Math.abs(best - HALF);
      if (f1 > bestF1 || f1 == bestF1 && nearer) {
        bestF1 = f1;
        best = threshold;
      }
    }
    return best;
  }
}
