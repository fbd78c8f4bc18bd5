package sc.fiji.spyhop.generate.fooling;

import java.util.function.IntConsumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.util.Strings;

/**
 * What all searches share.
 *
 * @param generations at most, at least 1
 * @param seed of everything random
 * @param progress is told after each generation, and ends the search when it is cancelled
 * @param listener is told of each generation
 */
record Search(int generations, long seed, Progress progress, IntConsumer listener) {

  /**
   * Tells of a generation.
   *
   * @return whether to go on
   */
  boolean goesOn(int generation, Elites<?> elites, double sure) {
    listener.accept(generation);
    progress.update(
        Strings.format(
            "generation %d: sure (%.4g) of %d of %s",
            generation, sure, elites.found(), Strings.count(elites.classes().size(), "class")),
        Math.min(generation, generations),
        generations);
    return generation < generations && !elites.isComplete() && !progress.isCancelled();
  }
}
