package sc.fiji.spyhop.task.decode;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.LogisticRegression;

/**
 * How likely an object matches a true one at an IoU of at least 0.5: a logistic regression on the
 * evidence for it, fitted to images that were not trained on (Platt 1999, with several variables).
 * Small objects are less likely than others, so the diameter counts, by its logarithm, from half of
 * the median to the median, but for objects that the border of the image cuts off.
 *
 * @param diameter of the median object that it was fitted to, in pixels, positive
 * @param coefficients intercept, and factors of the logit of the mean probability, of its standard
 *     deviation, of the mean depth, of the largest depth, of the logarithm of the diameter relative
 *     to the median; empty: not known
 */
public record ObjectScoring(
    @JsonProperty("diameter") double diameter,
    @JsonProperty("coefficients") List<Double> coefficients) {

  /** Of a model that was not calibrated. */
  public static final ObjectScoring UNKNOWN = new ObjectScoring(1, List.of());

  private static final int VARIABLES = 5;

  /** Probabilities are kept this far from 0 and 1. */
  private static final double MARGIN = 1e-3;

  /** With fewer objects, nothing is known. */
  private static final int MIN_OBJECTS = 20;

  /**
   * Copies the coefficients.
   *
   * @throws SpyhopException if the diameter is not above 0, or there are coefficients, but not as
   *     many as there is evidence
   */
  public ObjectScoring {
    coefficients = List.copyOf(coefficients);
    if (!(diameter > 0 && diameter <= 1e6)
        || !(coefficients.isEmpty() || coefficients.size() == VARIABLES + 1)
        || !coefficients.stream().allMatch(c -> Math.abs(c) <= 1e6)) {
      throw new SpyhopException(
          "Scores of objects: expected a positive diameter and no or "
              + (VARIABLES + 1)
              + " coefficients, received "
              + diameter
              + " and "
              + coefficients
              + ".");
    }
  }

  /** Whether there are coefficients; if not, objects have no scores. */
  @JsonIgnore
  public boolean isKnown() {
    return !coefficients.isEmpty();
  }

  /** The score of an object, in (0, 1); absent if it is not known. */
  public OptionalDouble score(ObjectEvidence evidence) {
    if (!isKnown()) return OptionalDouble.empty();
    double[] x = variables(evidence);
    double sum = coefficients.get(0);
    for (int i = 0; i < x.length; i++) sum += coefficients.get(i + 1) * x[i];
    return OptionalDouble.of(LogisticRegression.probability(sum));
  }

  private double[] variables(ObjectEvidence e) {
    double p = Math.max(MARGIN, Math.min(1 - MARGIN, e.probability()));
    double relative = e.cut() ? 1 : e.diameter() / diameter;
    double size = Math.log(Math.max(0.5, Math.min(1, relative)));
    return new double[] {Math.log(p / (1 - p)), e.deviation(), e.depth(), e.peak(), size};
  }

  /** Of the same objects where they are larger by a factor. */
  public ObjectScoring enlarged(double factor) {
    return new ObjectScoring(diameter * factor, coefficients);
  }

  /**
   * Fits scores to objects; unknown if there are fewer than 20.
   *
   * @param matched for each, whether it matches a true one
   */
  public static ObjectScoring fit(List<ObjectEvidence> objects, List<Boolean> matched) {
    if (objects.size() < MIN_OBJECTS) return UNKNOWN;
    double[] diameters = objects.stream().mapToDouble(ObjectEvidence::diameter).sorted().toArray();
    ObjectScoring unit = new ObjectScoring(diameters[diameters.length / 2], List.of());
    double[][] x = objects.stream().map(unit::variables).toArray(double[][]::new);
    return new ObjectScoring(unit.diameter, LogisticRegression.fit(x, matched));
  }
}
