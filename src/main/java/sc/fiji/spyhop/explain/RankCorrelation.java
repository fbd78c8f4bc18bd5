package sc.fiji.spyhop.explain;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How far two maps agree on what matters more (Spearman's rank correlation). */
public final class RankCorrelation {

  private RankCorrelation() {}

  /**
   * Of the magnitudes of two maps of the same size, in [-1, 1]: signs are left out, as they come
   * and go with the weights of a network. Equal values share the mean of their ranks.
   *
   * @return NaN if all values of one are equal
   */
  public static double ofMagnitudes(float[] a, float[] b) {
    double[] x = ranks(a);
    double[] y = ranks(b);
    double mean = (x.length - 1) / 2.0;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - mean) * (y[i] - mean);
      xx += (x[i] - mean) * (x[i] - mean);
      yy += (y[i] - mean) * (y[i] - mean);
    }
    return xx == 0 || yy == 0 ? Double.NaN : xy / Math.sqrt(xx * yy);
  }

  private static double[] ranks(float[] values) {
    float[] sizes = new float[values.length];
    for (int i = 0; i < sizes.length; i++) sizes[i] = Math.abs(values[i]);
    int[] order =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> sizes[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] ranks = new double[sizes.length];
    for (int from = 0, to; from < order.length; from = to) {
      to = from + 1;
      while (to < order.length && sizes[order[to]] == sizes[order[from]]) to++;
      for (int i = from; i < to; i++) ranks[order[i]] = (from + to - 1) / 2.0;
    }
    return ranks;
  }
}
