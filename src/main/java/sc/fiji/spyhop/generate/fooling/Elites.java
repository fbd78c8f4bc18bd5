package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sc.fiji.spyhop.prediction.ClassScores;

/**
 * The best that was found for each class, as in the archive of MAP-Elites (Mouret and Clune 2015).
 *
 * @param <G> what pictures are made of
 */
final class Elites<G> {

  /**
   * The best for a class.
   *
   * @param generation in which it was found, from 0
   * @param reached the first generation in which one was found of which the model is sure enough
   */
  record Elite<G>(
      G genome, float[] picture, double probability, int generation, OptionalInt reached) {}

  private final List<Integer> classes;
  private final double sure;
  private final List<Optional<Elite<G>>> best = new ArrayList<>();

  /**
   * @param classes numbers of those that are looked for
   * @param sure probability from which a class counts as found
   */
  Elites(List<Integer> classes, double sure) {
    this.classes = List.copyOf(classes);
    this.sure = sure;
    classes.forEach(c -> best.add(Optional.empty()));
  }

  /** Keeps it for every class of which it is the best so far. */
  void offer(G genome, float[] picture, ClassScores said, int generation) {
    for (int i = 0; i < classes.size(); i++) offer(i, genome, picture, said, generation);
  }

  /** Keeps it for one class, by position, if it is the best so far. */
  void offer(int position, G genome, float[] picture, ClassScores said, int generation) {
    double probability = said.probability(classes.get(position));
    Optional<Elite<G>> last = best.get(position);
    if (last.isPresent() && last.get().probability() >= probability) return;
    OptionalInt reached = last.map(Elite::reached).orElse(OptionalInt.empty());
    if (reached.isEmpty() && probability >= sure) reached = OptionalInt.of(generation);
    best.set(position, Optional.of(new Elite<>(genome, picture, probability, generation, reached)));
  }

  List<Integer> classes() {
    return classes;
  }

  /** By position; absent before the first picture. */
  Optional<Elite<G>> get(int position) {
    return best.get(position);
  }

  /** Whether the model is sure enough of the best for a class. */
  boolean isFound(int position) {
    return best.get(position).filter(e -> e.reached().isPresent()).isPresent();
  }

  /** For how many classes that is so. */
  int found() {
    int found = 0;
    for (int i = 0; i < best.size(); i++) if (isFound(i)) found++;
    return found;
  }

  boolean isComplete() {
    return found() == classes.size();
  }
}
