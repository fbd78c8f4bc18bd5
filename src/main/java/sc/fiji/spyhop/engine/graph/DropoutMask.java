package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;
import sc.fiji.spyhop.util.Parallel;
import sc.fiji.spyhop.util.SplitMix64;

/**
 * Which values dropout sets to zero: it hangs on seed, layer and position alone, so that it can be
 * repeated on the way back.
 */
public final class DropoutMask {

  private static final int CHUNK = 4096;

  private final double rate;
  private final long seed;

  /**
   * The same mask for the same seed and layer.
   *
   * @param rate share of values set to zero, in [0, 1)
   * @param seed of the run
   * @param layer the layer's number
   */
  public DropoutMask(double rate, long seed, int layer) {
    this.rate = rate;
    this.seed = SplitMix64.mix(seed + layer * SplitMix64.GOLDEN);
  }

  /** Sets values to zero and scales the others. */
  public void apply(FloatBuffer values) {
    float scale = (float) (1 / (1 - rate));
    Parallel.ranges(
        values.capacity(),
        (from, to) -> {
          float[] x = new float[CHUNK];
          for (int at = from; at < to; at += CHUNK) {
            int n = Math.min(CHUNK, to - at);
            values.get(at, x, 0, n);
            for (int i = 0; i < n; i++) {
              double u = SplitMix64.unit(SplitMix64.mix(seed + (at + i) * SplitMix64.GOLDEN));
              x[i] = u < rate ? 0 : x[i] * scale;
            }
            values.put(at, x, 0, n);
          }
        });
  }
}
