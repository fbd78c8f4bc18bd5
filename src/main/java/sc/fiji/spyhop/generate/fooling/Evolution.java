package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.util.Parallel;

/**
 * MAP-Elites with an archive that keeps the best picture for each class: in each generation, copies
 * of pictures drawn from the archive are mutated and shown to the model, and each is kept for every
 * class of which it is the best so far (Nguyen, Yosinski and Clune 2015).
 *
 * @param genomes what pictures are made of
 * @param images of a generation
 */
record Evolution<G>(Genomes<G> genomes, int images) {

  /**
   * Evolves until the model is sure of all classes, generations are over, or it is cancelled.
   *
   * @param elites empty
   * @return the last generation, from 0
   */
  int run(Classifier classifier, Elites<G> elites, double sure, Search search) {
    Random random = new Random(search.seed());
    int generation = 0;
    List<G> born = new ArrayList<>();
    for (int i = 0; i < images; i++) born.add(genomes.random(random));
    while (judged(classifier, elites, born, generation, search)) {
      if (!search.goesOn(generation, elites, sure)) return generation;
      generation++;
      born.clear();
      for (int i = 0; i < images; i++) {
        int parent = random.nextInt(elites.classes().size());
        born.add(genomes.mutated(elites.get(parent).orElseThrow().genome(), random, generation));
      }
    }
    return Math.max(0, generation - 1);
  }

  /** Whether a generation was looked at; else it was cancelled on the way. */
  private boolean judged(
      Classifier classifier, Elites<G> elites, List<G> born, int generation, Search search) {
    float[][] pictures = new float[born.size()][];
    Parallel.each(born.size(), i -> pictures[i] = genomes.picture(born.get(i)));
    List<ClassScores> said;
    try {
      said = classifier.look(List.of(pictures), search.progress());
    } catch (CancellationException e) {
      return false;
    }
    for (int i = 0; i < pictures.length; i++) {
      elites.offer(born.get(i), pictures[i], said.get(i), generation);
    }
    return true;
  }
}
