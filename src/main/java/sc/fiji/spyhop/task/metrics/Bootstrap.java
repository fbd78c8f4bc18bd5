package sc.fiji.spyhop.task.metrics;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/**
 * How sure figures of a set of images are: images are drawn with replacement, as many as there are,
 * and the figures reckoned anew, many times; 95 of 100 of them lie within the interval (percentile
 * bootstrap, Efron 1979). The same images always give the same interval.
 */
public final class Bootstrap {

  private static final int DRAWS = 2000;

  private Bootstrap() {}

  /** Where 95 of 100 values lie. */
  public record Interval(double low, double high) {}

  /**
   * Intervals of some figures.
   *
   * @param images how many there are, at least 1
   * @param figures of a draw: positions of images from 0, some of them several times
   * @return one for each figure
   */
  public static Interval[] intervals(int images, Function<int[], double[]> figures) {
    Random random = new Random(1);
    double[][] values = new double[DRAWS][];
    int[] draw = new int[images];
    for (int d = 0; d < DRAWS; d++) {
      for (int i = 0; i < images; i++) draw[i] = random.nextInt(images);
      values[d] = figures.apply(draw);
    }
    Interval[] intervals = new Interval[values[0].length];
    for (int f = 0; f < intervals.length; f++) {
      int figure = f;
      double[] sorted = Arrays.stream(values).mapToDouble(v -> v[figure]).sorted().toArray();
      intervals[f] = new Interval(sorted[(int) (0.025 * DRAWS)], sorted[(int) (0.975 * DRAWS) - 1]);
    }
    return intervals;
  }
}
