package sc.fiji.spyhop.task.decode;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.LogisticRegression;

/**
 * How likely a box matches a true one of its class at an IoU of at least 0.5, by the confidence of
 * the network: beta calibration (Kull, Silva Filho and Flach 2017), {@code 1 / (1 + exp(-(c + a ln
 * s - b ln(1 - s))))} for a confidence s. It rises with the confidence, so that the order of boxes
 * of a class stays.
 *
 * @param a at least 0, and {@code b} too, not both 0
 * @param c any number
 */
public record BoxScoring(
    @JsonProperty("a") double a, @JsonProperty("b") double b, @JsonProperty("c") double c) {

  /** Leaves confidences as they are. */
  public static final BoxScoring SAME = new BoxScoring(1, 1, 0);

  /** Confidences are kept this far from 0 and 1. */
  private static final double MARGIN = 1e-6;

  /** With fewer boxes, confidences stay as they are. */
  private static final int MIN_BOXES = 20;

  private static final double MAX = 1e6;
  private static final int BISECTIONS = 60;

  /**
   * Throws a {@link SpyhopException} if a or b is below 0, both are 0, or a number is too large.
   */
  public BoxScoring {
    if (!(a >= 0 && b >= 0 && a + b > 0 && a + b <= MAX && Math.abs(c) <= MAX)) {
      throw new SpyhopException(
          "Scores of boxes: expected a and b of 0 or more, not both 0, and a number c, received "
              + a
              + ", "
              + b
              + " and "
              + c
              + ".");
    }
  }

  /**
   * The score for a confidence.
   *
   * @param confidence in [0, 1]
   */
  public double score(double confidence) {
    if (equals(SAME)) return confidence;
    double s = kept(confidence);
    return LogisticRegression.probability(c + a * Math.log(s) - b * Math.log1p(-s));
  }

  /** The smallest confidence with at least some score; 1 if there is none. */
  public double confidence(double score) {
    if (equals(SAME)) return score;
    if (score(0) >= score) return 0;
    double low = 0;
    double high = 1;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (score(middle) >= score) high = middle;
      else low = middle;
    }
    return high;
  }

  private static double kept(double confidence) {
    return Math.max(MARGIN, Math.min(1 - MARGIN, confidence));
  }

  /**
   * Fits scores to boxes; confidences stay as they are if there are fewer than 20.
   *
   * @param matched for each, whether it matches a true one
   */
  public static BoxScoring fit(List<Double> confidences, List<Boolean> matched) {
    if (confidences.size() < MIN_BOXES) return SAME;
    double[][] both = confidences.stream().map(BoxScoring::variables).toArray(double[][]::new);
    List<Double> fitted = LogisticRegression.fit(both, matched);
    if (fitted.get(1) >= 0 && fitted.get(2) >= 0) {
      return of(fitted.get(1), fitted.get(2), fitted.get(0));
    }
    // one of them would make scores fall
    int rising = fitted.get(1) >= 0 ? 0 : 1;
    double[][] one = confidences.stream().map(s -> only(s, rising)).toArray(double[][]::new);
    List<Double> single = LogisticRegression.fit(one, matched);
    double factor = Math.max(0, single.get(1));
    return of(rising == 0 ? factor : 0, rising == 0 ? 0 : factor, single.get(0));
  }

  private static BoxScoring of(double a, double b, double c) {
    return a + b > 0 ? new BoxScoring(a, b, c) : SAME;
  }

  private static double[] variables(double confidence) {
    double s = kept(confidence);
    return new double[] {Math.log(s), -Math.log1p(-s)};
  }

  private static double[] only(double confidence, int which) {
    return new double[] {variables(confidence)[which]};
  }
}
