package sc.fiji.spyhop.generate.fooling;

import java.util.Random;

/**
 * Each value of a picture is a gene: noise to begin with, of which a share is mutated each time
 * (the direct encoding of Nguyen, Yosinski and Clune).
 *
 * @param rate share of the genes that are mutated, which halves every {@code halving} generations
 * @param halving generations
 * @param strength distribution index of the {@link PolynomialMutation}
 */
record PixelGenomes(Canvas canvas, double rate, int halving, double strength)
    implements Genomes<float[]> {

  @Override
  public float[] random(Random random) {
    float[] genes = new float[canvas.length()];
    for (int i = 0; i < genes.length; i++)
      genes[i] = (float) (random.nextDouble() * canvas.white());
    return canvas.rounded(genes);
  }

  /** Share of the genes that are mutated in a generation. */
  double rate(int generation) {
    return rate * StrictMath.pow(0.5, generation / halving);
  }

  @Override
  public float[] mutated(float[] genome, Random random, int generation) {
    float[] genes = genome.clone();
    double share = rate(generation);
    for (int i = 0; i < genes.length; i++) {
      if (random.nextDouble() >= share) continue;
      genes[i] =
          (float) PolynomialMutation.of(genes[i], 0, canvas.white(), strength, random.nextDouble());
    }
    return canvas.rounded(genes);
  }

  @Override
  public float[] picture(float[] genome) {
    return genome;
  }
}
