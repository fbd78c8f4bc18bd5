package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.decode.Outputs;
import sc.fiji.spyhop.task.metrics.RegressionMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Real numbers for an image. The network learns and says standardised values, {@code (value - mean)
 * / deviation}, which are put back into units.
 *
 * @param names of what is measured, at least one, all different
 * @param units such as {@code "µm"}, one for each; empty texts where there is none
 * @param means of the training set, one for each
 * @param deviations of the training set, one for each, positive
 */
public record Regression(
    @JsonProperty("names") List<String> names,
    @JsonProperty("units") List<String> units,
    @JsonProperty("means") List<Double> means,
    @JsonProperty("deviations") List<Double> deviations)
    implements ImageTask<RealValues> {

  /** Name of the output layer. */
  public static final String HEAD = "values";

  /**
   * Throws a {@link SpyhopException} if there is no value, two have one name, there are not as many
   * units, means and deviations, or a deviation is not above 0.
   */
  public Regression {
    names = List.copyOf(names);
    units = List.copyOf(units);
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
    int n = names.size();
    if (n == 0 || names.stream().distinct().count() != n) {
      throw new SpyhopException(
          "Regression: expected names of values, all different, received " + names + ".");
    }
    if (units.size() != n || means.size() != n || deviations.size() != n) {
      throw new SpyhopException(
          Strings.format(
              "Regression: expected %d units, means and deviations, received %d, %d and %d.",
              n, units.size(), means.size(), deviations.size()));
    }
    if (!means.stream().allMatch(Double::isFinite)) {
      throw new SpyhopException("Regression: expected finite means, received " + means + ".");
    }
    if (!deviations.stream().allMatch(d -> d > 0 && Double.isFinite(d))) {
      throw new SpyhopException(
          "Regression: expected positive deviations, received " + deviations + ".");
    }
  }

  /**
   * Values as they are: means of 0 and deviations of 1.
   *
   * @param names of what is measured
   * @param units one for each; empty texts where there is none
   */
  public static Regression standard(List<String> names, List<String> units) {
    int n = names.size();
    return new Regression(names, units, Collections.nCopies(n, 0.0), Collections.nCopies(n, 1.0));
  }

  /**
   * With the means and population standard deviations of a training set; 1 where all values are
   * equal.
   *
   * @param names of what is measured
   * @param units one for each name, or none at all
   * @param truth one for each image
   */
  public static Regression of(List<String> names, List<String> units, List<RealValues> truth) {
    if (truth.isEmpty()) {
      throw new SpyhopException("Regression: expected at least one image with its values.");
    }
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int k = 0; k < names.size(); k++) {
      int index = k;
      double mean = truth.stream().mapToDouble(t -> t.get(index)).average().orElseThrow();
      double variance =
          truth.stream()
              .mapToDouble(t -> (t.get(index) - mean) * (t.get(index) - mean))
              .average()
              .orElseThrow();
      means.add(mean);
      deviations.add(variance > 0 ? Math.sqrt(variance) : 1);
    }
    return new Regression(
        names, units.isEmpty() ? Collections.nCopies(names.size(), "") : units, means, deviations);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.regression(this);
  }

  @Override
  public String kind() {
    return "regression";
  }

  /** Standardised values, in the order of the names. */
  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, names.size(), Layer.Function.IDENTITY));
  }

  @Override
  public List<Objective> objectives() {
    return List.of(new Objective(HEAD, new Loss.SquaredError(), 1));
  }

  @Override
  public Map<String, Target> encode(RealValues truth) {
    if (truth.size() != names.size()) {
      throw new SpyhopException(
          Strings.format(
              "Regression: expected %d values (%s), received %d.",
              names.size(), String.join(", ", names), truth.size()));
    }
    float[] standardised = new float[names.size()];
    for (int k = 0; k < standardised.length; k++) {
      standardised[k] = (float) ((truth.get(k) - means.get(k)) / deviations.get(k));
    }
    return Map.of(
        HEAD, Target.of(new Tensor(Axes.NC, new int[] {1, standardised.length}, standardised)));
  }

  @Override
  public List<RealValues> decode(List<Tensor> outputs) {
    Outputs.checkVectors(heads(), outputs);
    float[] data = outputs.get(0).data();
    int n = names.size();
    List<RealValues> found = new ArrayList<>();
    for (int at = 0; at < data.length; at += n) {
      List<Double> values = new ArrayList<>();
      for (int k = 0; k < n; k++) values.add(data[at + k] * deviations.get(k) + means.get(k));
      found.add(new RealValues(values));
    }
    return found;
  }

  @Override
  public Class<RealValues> saidAs() {
    return RealValues.class;
  }

  @Override
  public double[] numbers(RealValues said) {
    return said.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public int foremost(RealValues said) {
    return 0;
  }

  @Override
  public String words(RealValues said) {
    return IntStream.range(0, said.size())
        .mapToObj(k -> Strings.format("%s %.4g", names.get(k), said.get(k)))
        .collect(Collectors.joining(", "));
  }

  /** Value: mean of R² over what is measured. */
  @Override
  public Score score(List<RealValues> predicted, List<RealValues> truth) {
    RegressionMetrics metrics = new RegressionMetrics(names);
    for (int i = 0; i < truth.size(); i++) metrics.add(predicted.get(i), truth.get(i));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("R2", metrics.meanR2());
    for (int k = 0; k < names.size(); k++) {
      figures.put(names.size() == 1 ? "MAE" : "MAE " + names.get(k), metrics.mae(k));
      figures.put(names.size() == 1 ? "RMSE" : "RMSE " + names.get(k), metrics.rmse(k));
    }
    return new Score(metrics.meanR2(), figures);
  }
}
