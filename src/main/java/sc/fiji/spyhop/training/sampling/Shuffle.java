package sc.fiji.spyhop.training.sampling;

import java.util.SplittableRandom;
import sc.fiji.spyhop.util.SplitMix64;

/** Images in random order, another one in each epoch. */
public final class Shuffle {

  private final int count;
  private final long seed;
  private int[] order = {};
  private int orderOf;

  /** Of so many images; the same seed gives the same orders. */
  public Shuffle(int count, long seed) {
    this.count = count;
    this.seed = seed;
  }

  /** Which image comes at some place of an epoch; after the last, another round begins. */
  public synchronized int image(int epoch, long place) {
    if (orderOf != epoch) {
      orderOf = epoch;
      order = new int[count];
      SplittableRandom random =
          new SplittableRandom(SplitMix64.first(SplitMix64.first(seed) ^ epoch));
      for (int i = 0; i < count; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
    }
    return order[(int) (place % count)];
  }
}
