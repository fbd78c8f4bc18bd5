package sc.fiji.spyhop.task.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import sc.fiji.spyhop.Progress;

/**
 * How sure figures of a set of images are: images are drawn with replacement, as many as there are,
 * and the figures reckoned anew, many times; 95 of 100 of them lie within the interval (percentile
 * bootstrap, Efron 1979). The same number of images always gives the same draws.
 */
public final class Bootstrap {

  private static final int DRAWS = 2000;

  /** Draws between two looks at whether to go on. */
  private static final int AT_ONCE = 50;

  private Bootstrap() {}

  /** Where 95 of 100 values lie. */
  public record Interval(double low, double high) {}

  /**
   * Intervals of some figures. Draws for which a figure has no meaning do not count.
   *
   * @param images how many there are, at least 1
   * @param figures of a draw: positions of images from 0, some of them several times; NaN where one
   *     has no meaning; called by several threads
   * @return one for each figure; NaN if no draw gave it a meaning
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static Interval[] intervals(
      int images, Function<int[], double[]> figures, Progress progress) {
    double[][] values = new double[DRAWS][];
    for (int from = 0; from < DRAWS; from += AT_ONCE) {
      progress.checkCancelled();
      progress.update("drawing images", from, DRAWS);
      IntStream.range(from, from + AT_ONCE)
          .parallel()
          .forEach(d -> values[d] = figures.apply(draw(images, d)));
    }
    return IntStream.range(0, values[0].length)
        .mapToObj(f -> interval(Arrays.stream(values).mapToDouble(v -> v[f]).toArray()))
        .toArray(Interval[]::new);
  }

  private static int[] draw(int images, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.generate(() -> random.nextInt(images)).limit(images).toArray();
  }

  private static Interval interval(double[] values) {
    double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    int n = sorted.length;
    if (n == 0) return new Interval(Double.NaN, Double.NaN);
    int beyond = (int) (0.025 * n);
    return new Interval(sorted[beyond], sorted[n - 1 - beyond]);
  }
}
