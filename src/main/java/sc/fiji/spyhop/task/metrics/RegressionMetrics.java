package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.RealValues;

/** How far predicted numbers are from true ones, over all images added. */
public final class RegressionMetrics {

  private final List<String> names;
  private final double[] absolute;
  private final double[] squared;
  private final double[] mean;
  private final double[] spread;
  private long images;

  /**
   * @param names of what is measured
   */
  public RegressionMetrics(List<String> names) {
    this.names = List.copyOf(names);
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

  /** All figures, for JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("mean_r2", meanR2());
    Map<String, Object> each = new LinkedHashMap<>();
    for (int k = 0; k < names.size(); k++) {
      each.put(names.get(k), Map.of("r2", r2(k), "mae", mae(k), "rmse", rmse(k)));
    }
    map.put("values", each);
    return map;
  }
}
