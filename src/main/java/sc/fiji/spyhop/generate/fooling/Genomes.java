package sc.fiji.spyhop.generate.fooling;

import java.util.Random;

/**
 * Of what pictures are made that evolve.
 *
 * @param <G> genome of one picture, immutable
 */
interface Genomes<G> {

  /** One to begin with. */
  G random(Random random);

  /**
   * A copy that differs a little.
   *
   * @param generation from 1; later ones may differ less
   */
  G mutated(G genome, Random random, int generation);

  /** Its picture, rounded; may be asked for by several threads. */
  float[] picture(G genome);
}
