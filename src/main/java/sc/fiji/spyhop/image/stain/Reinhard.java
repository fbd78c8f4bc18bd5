package sc.fiji.spyhop.image.stain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import sc.fiji.spyhop.util.Digits;

/**
 * Colours by their mean and deviation in the space l alpha beta, whose three axes hardly depend on
 * each other: light, yellow to blue, red to green (Reinhard, Ashikhmin, Gooch and Shirley 2001,
 * Color Transfer between Images). Over all pixels, background included.
 *
 * @param mean of l, alpha and beta
 * @param deviation of the same, none negative
 */
public record Reinhard(
    @JsonProperty("mean") List<Double> mean, @JsonProperty("deviation") List<Double> deviation)
    implements StainLook {

  private static final double WHITE = 256;

  /** From red, green and blue to long, medium and short waves. */
  private static final RealMatrix LMS =
      new Array2DRowRealMatrix(
          new double[][] {
            {0.3811, 0.5783, 0.0402}, {0.1967, 0.7244, 0.0782}, {0.0241, 0.1288, 0.8444}
          });

  private static final RealMatrix LAB =
      new Array2DRowRealMatrix(
          new double[][] {
            {1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)},
            {1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)},
            {1 / Math.sqrt(2), -1 / Math.sqrt(2), 0}
          });

  private static final double[][] TO_LMS = LMS.getData();
  private static final double[][] TO_RGB = inverse(LMS);
  private static final double[][] TO_LAB = LAB.getData();
  private static final double[][] FROM_LAB = LAB.transpose().getData();

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are not three of both, or a deviation is below 0
   */
  public Reinhard {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != 3 || deviation.size() != 3 || deviation.stream().anyMatch(d -> d < 0)) {
      throw new IllegalArgumentException(
          "reinhard: expected three means and deviations, received " + mean + " and " + deviation);
    }
  }

  private static double[][] inverse(RealMatrix matrix) {
    return new LUDecomposition(matrix).getSolver().getInverse().getData();
  }

  static Optional<Reinhard> measure(float... planes) {
    int n = planes.length / 3;
    double[] sum = new double[3];
    double[] squares = new double[3];
    double[] lab = new double[3];
    for (int i = 0; i < n; i++) {
      toLab(planes[i], planes[n + i], planes[2 * n + i], lab);
      for (int c = 0; c < 3; c++) {
        sum[c] += lab[c];
        squares[c] += lab[c] * lab[c];
      }
    }
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      mean.add(sum[c] / n);
      deviation.add(Math.sqrt(Math.max(0, squares[c] / n - mean.get(c) * mean.get(c))));
    }
    return Optional.of(new Reinhard(mean, deviation));
  }

  private static void toLab(double red, double green, double blue, double... lab) {
    double[] log = new double[3];
    for (int c = 0; c < 3; c++) {
      double[] m = TO_LMS[c];
      double sum =
          m[0] * (Math.max(0, red) + 1)
              + m[1] * (Math.max(0, green) + 1)
              + m[2] * (Math.max(0, blue) + 1);
      log[c] = Math.log10(sum / WHITE);
    }
    multiply(TO_LAB, log, lab);
  }

  private static void multiply(double[][] matrix, double[] by, double... into) {
    for (int r = 0; r < 3; r++) {
      into[r] = matrix[r][0] * by[0] + matrix[r][1] * by[1] + matrix[r][2] * by[2];
    }
  }

  @Override
  public StainMethod method() {
    return StainMethod.REINHARD;
  }

  @Override
  public ColorMap to(StainLook reference) {
    if (!(reference instanceof Reinhard goal)) {
      throw new IllegalArgumentException("reinhard: expected the same, received " + reference);
    }
    double[] from = new double[3];
    double[] factor = new double[3];
    double[] to = new double[3];
    for (int c = 0; c < 3; c++) {
      from[c] = mean.get(c);
      factor[c] = deviation.get(c) > 0 ? goal.deviation.get(c) / deviation.get(c) : 1;
      to[c] = goal.mean.get(c);
    }
    return rgb -> {
      double[] lab = new double[3];
      double[] waves = new double[3];
      toLab(rgb[0], rgb[1], rgb[2], lab);
      for (int c = 0; c < 3; c++) lab[c] = (lab[c] - from[c]) * factor[c] + to[c];
      multiply(FROM_LAB, lab, waves);
      for (int c = 0; c < 3; c++) waves[c] = Math.pow(10, waves[c]);
      multiply(TO_RGB, waves, lab);
      for (int c = 0; c < 3; c++) {
        rgb[c] = (float) Math.max(0, Math.min(WHITE - 1, WHITE * lab[c] - 1));
      }
    };
  }

  @Override
  public String text() {
    return "l alpha beta "
        + Digits.six(mean.get(0))
        + ", "
        + Digits.six(mean.get(1))
        + ", "
        + Digits.six(mean.get(2));
  }
}
