package sc.fiji.spyhop.image.stain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import sc.fiji.spyhop.util.Strings;

/**
 * Colours by what two stains absorb (Macenko et al. 2009, A Method for Normalizing Histology Slides
 * for Quantitative Analysis). Optical densities of tissue lie near the plane of their two largest
 * singular vectors; in it the first and the 99th percentile of their angles are the stains, and of
 * each stain the 99th percentile of its amount is its strength. Of haematoxylin and eosin the first
 * is haematoxylin, which absorbs more red.
 *
 * @param first red, green and blue of what the first stain absorbs, of length 1
 * @param second of the second
 * @param strengths of both, in optical density, above 0
 */
public record Macenko(
    @JsonProperty("first") List<Double> first,
    @JsonProperty("second") List<Double> second,
    @JsonProperty("strengths") List<Double> strengths)
    implements StainLook {

  private static final double LOW = 1;
  private static final double HIGH = 99;

  /** Sine of the angle between two stains below which there is one. */
  private static final double LEAST_ANGLE = 1e-3;

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are not two stains of three colours and two strengths
   *     above 0
   */
  public Macenko {
    first = List.copyOf(first);
    second = List.copyOf(second);
    strengths = List.copyOf(strengths);
    boolean complete = first.size() == 3 && second.size() == 3 && strengths.size() == 2;
    if (!complete || strengths.stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException(
          "macenko: expected two stains of three colours and two strengths above 0, received "
              + first
              + ", "
              + second
              + " and "
              + strengths);
    }
  }

  static Optional<Macenko> measure(float... planes) {
    double[][] tissue = OpticalDensity.ofTissue(planes);
    double[][] plane = plane(tissue);
    double[] angles = new double[tissue.length];
    for (int i = 0; i < tissue.length; i++) {
      angles[i] = Math.atan2(dot(tissue[i], plane[1]), dot(tissue[i], plane[0]));
    }
    double[] low = at(percentile(angles, LOW), plane);
    double[] high = at(percentile(angles, HIGH), plane);
    double[] first = low[0] > high[0] ? low : high;
    double[] second = low[0] > high[0] ? high : low;
    double[][] amounts = amounts(first, second);
    if (amounts.length == 0) return Optional.empty();
    double[] strengths = new double[2];
    double[] own = new double[tissue.length];
    for (int s = 0; s < 2; s++) {
      for (int i = 0; i < tissue.length; i++) own[i] = dot(tissue[i], amounts[s]);
      strengths[s] = percentile(own, HIGH);
    }
    if (!(strengths[0] > 0 && strengths[1] > 0)) return Optional.empty();
    return Optional.of(new Macenko(list(first), list(second), list(strengths)));
  }

  /** The two largest singular vectors, the first of which points to more of all colours. */
  private static double[][] plane(double[]... tissue) {
    double[][] moments = new double[3][3];
    for (double[] d : tissue) {
      for (int a = 0; a < 3; a++) for (int b = 0; b < 3; b++) moments[a][b] += d[a] * d[b];
    }
    EigenDecomposition found = new EigenDecomposition(new Array2DRowRealMatrix(moments));
    double[][] plane = {found.getEigenvector(0).toArray(), found.getEigenvector(1).toArray()};
    if (plane[0][0] + plane[0][1] + plane[0][2] < 0) {
      for (int c = 0; c < 3; c++) plane[0][c] = -plane[0][c];
    }
    return plane;
  }

  private static double[] at(double angle, double[]... plane) {
    double[] stain = new double[3];
    for (int c = 0; c < 3; c++) {
      stain[c] = Math.cos(angle) * plane[0][c] + Math.sin(angle) * plane[1][c];
    }
    return stain;
  }

  /**
   * What a density is multiplied by to get the amounts of two stains, by least squares; empty if
   * these are one and the same.
   */
  private static double[][] amounts(double[] first, double... second) {
    double a = dot(first, first);
    double b = dot(first, second);
    double c = dot(second, second);
    double determinant = a * c - b * b;
    if (!(determinant > LEAST_ANGLE * LEAST_ANGLE * a * c)) return new double[0][];
    double[][] inverse = new double[2][3];
    for (int i = 0; i < 3; i++) {
      inverse[0][i] = (c * first[i] - b * second[i]) / determinant;
      inverse[1][i] = (a * second[i] - b * first[i]) / determinant;
    }
    return inverse;
  }

  /** Between the nearest two, as NumPy has it. */
  private static double percentile(double[] values, double percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = percent / 100 * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  private static double dot(double[] a, double... b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static List<Double> list(double... values) {
    List<Double> list = new ArrayList<>();
    for (double v : values) list.add(v);
    return list;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }

  @Override
  public StainMethod method() {
    return StainMethod.MACENKO;
  }

  @Override
  public ColorMap to(StainLook reference) {
    if (!(reference instanceof Macenko goal)) {
      throw new IllegalArgumentException("macenko: expected the same, received " + reference);
    }
    double[][] amounts = amounts(array(first), array(second));
    double[][] mixed = new double[3][3];
    List<List<Double>> stains = List.of(goal.first, goal.second);
    for (int s = 0; s < amounts.length; s++) {
      double factor = goal.strengths.get(s) / strengths.get(s);
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) mixed[r][c] += factor * stains.get(s).get(r) * amounts[s][c];
      }
    }
    return rgb -> {
      double red = OpticalDensity.of(rgb[0]);
      double green = OpticalDensity.of(rgb[1]);
      double blue = OpticalDensity.of(rgb[2]);
      for (int c = 0; c < 3; c++) {
        rgb[c] = OpticalDensity.value(mixed[c][0] * red + mixed[c][1] * green + mixed[c][2] * blue);
      }
    };
  }

  @Override
  public String text() {
    return Strings.format(
        "stains %.2f, %.2f, %.2f and %.2f, %.2f, %.2f, strengths %.2f and %.2f",
        first.get(0),
        first.get(1),
        first.get(2),
        second.get(0),
        second.get(1),
        second.get(2),
        strengths.get(0),
        strengths.get(1));
  }
}
