package sc.fiji.spyhop.task.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.util.Strings;

/** How far predicted numbers are from true ones, over all images added. */
public final class RegressionMetrics implements Pooled<RegressionMetrics.Outcome> {

  /** What was said of an image, and what is true. */
  public record Outcome(RealValues predicted, RealValues truth) {}

  private final List<String> names;
  private final List<String> units;
  private final double[] absolute;
  private final double[] squared;
  private final double[] mean;
  private final double[] spread;
  private long images;

  /**
   * Of no images yet, and of values without units.
   *
   * @param names of what is measured
   */
  public RegressionMetrics(List<String> names) {
    this(names, Collections.nCopies(names.size(), ""));
  }

  /**
   * Of no images yet.
   *
   * @param names of what is measured
   * @param units one for each; empty texts where there is none
   */
  public RegressionMetrics(List<String> names, List<String> units) {
    this.names = List.copyOf(names);
    this.units = List.copyOf(units);
    absolute = new double[names.size()];
    squared = new double[names.size()];
    mean = new double[names.size()];
    spread = new double[names.size()];
  }

  /** Adds an image. */
  public void add(RealValues predicted, RealValues truth) {
    images++;
    for (int k = 0; k < names.size(); k++) {
      double error = predicted.get(k) - truth.get(k);
      absolute[k] += Math.abs(error);
      squared[k] += error * error;
      double delta = truth.get(k) - mean[k];
      mean[k] += delta / images;
      spread[k] += delta * (truth.get(k) - mean[k]);
    }
  }

  @Override
  public void add(Outcome image) {
    add(image.predicted, image.truth);
  }

  /** Number of images. */
  public long images() {
    return images;
  }

  /** Mean absolute error, in units of the value; 0 if there are no images. */
  public double mae(int index) {
    return images == 0 ? 0 : absolute[index] / images;
  }

  /** Root of the mean squared error, in units of the value; 0 if there are no images. */
  public double rmse(int index) {
    return images == 0 ? 0 : Math.sqrt(squared[index] / images);
  }

  /**
   * Coefficient of determination, {@code 1 - sum of squared errors / sum of squared deviations from
   * the true mean}: 1 at best, 0 for always saying the mean, without lower bound. Where all true
   * values are equal: 1 if all predictions are right, else 0.
   */
  public double r2(int index) {
    if (spread[index] == 0) return squared[index] == 0 ? 1 : 0;
    return 1 - squared[index] / spread[index];
  }

  /** Mean of {@link #r2} over what is measured. */
  public double meanR2() {
    return IntStream.range(0, names.size()).mapToDouble(this::r2).average().orElse(0);
  }

  /**
   * R2, mean absolute and root mean squared error, of several things of each by its name; R2 has no
   * meaning where all true values are equal.
   */
  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>();
    for (int k = 0; k < names.size(); k++) {
      String of = names.size() == 1 ? "" : " " + names.get(k);
      main.put("r2" + of, spread[k] == 0 ? Double.NaN : r2(k));
      main.put("mae" + of, mae(k));
      main.put("rmse" + of, rmse(k));
    }
    return main;
  }

  @Override
  public Map<String, Object> row(Outcome image) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int k = 0; k < names.size(); k++) {
      row.put(names.get(k), image.predicted.get(k));
      row.put("true_" + names.get(k), image.truth.get(k));
      row.put("error_" + names.get(k), image.predicted.get(k) - image.truth.get(k));
    }
    return row;
  }

  /** Mean of the errors, each in standard deviations of what is true. */
  @Override
  public double loss(Outcome image) {
    return IntStream.range(0, names.size())
        .mapToDouble(
            k -> {
              double deviation = Math.sqrt(spread[k] / images);
              double error = Math.abs(image.predicted.get(k) - image.truth.get(k));
              return deviation == 0 ? error : error / deviation;
            })
        .average()
        .orElse(0);
  }

  /** All figures as lines of text, one line for each thing that is measured. */
  @Override
  public String table() {
    StringBuilder text = new StringBuilder(Strings.count(images, "image"));
    for (int k = 0; k < names.size(); k++) {
      String unit = units.get(k).isEmpty() ? "" : " " + units.get(k);
      text.append(
          Strings.format(
              "%n%s: R2 %.4f, MAE %.4g%s, RMSE %.4g%s",
              names.get(k), r2(k), mae(k), unit, rmse(k), unit));
    }
    return text.toString();
  }

  /** All figures, for JSON. */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("mean_r2", meanR2());
    Map<String, Object> each = new LinkedHashMap<>();
    for (int k = 0; k < names.size(); k++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("r2", r2(k));
      one.put("mae", mae(k));
      one.put("rmse", rmse(k));
      each.put(names.get(k), one);
    }
    map.put("values", each);
    return map;
  }
}
