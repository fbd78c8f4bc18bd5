package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.util.Strings;

/**
 * How far images that were made from rows of a table are from the true ones, and how far the
 * nearest known image is, which is what there is without a network.
 */
public final class RenderingMetrics implements Pooled<RenderingMetrics.Outcome> {

  /**
   * What came of an image.
   *
   * @param squared mean over pixels and channels of the squared difference, in pixel values
   * @param nearest the same of the known image of the row that is nearest; NaN if there is none
   * @param nearestName of that image; empty if there is none
   */
  public record Outcome(double squared, double nearest, String nearestName) {}

  private long images;
  private double squared;
  private double nearest;

  @Override
  public void add(Outcome image) {
    images++;
    squared += image.squared;
    nearest += image.nearest;
  }

  /** Root of the mean squared error over all images, in pixel values; 0 if there are none. */
  public double rmse() {
    return images == 0 ? 0 : Math.sqrt(squared / images);
  }

  /** The same of the nearest known images; NaN if there are none. */
  public double rmseOfNearest() {
    return images == 0 ? Double.NaN : Math.sqrt(nearest / images);
  }

  /**
   * By which share the squared error is below that of the nearest known images, up to 1; below 0
   * where it is above that; NaN if there are none.
   */
  public double belowNearest() {
    return images == 0 || nearest == 0 ? Double.NaN : 1 - squared / nearest;
  }

  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("rmse", rmse());
    main.put("rmse_nearest", rmseOfNearest());
    main.put("below_nearest", belowNearest());
    return main;
  }

  @Override
  public Map<String, Object> row(Outcome image) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("rmse", Math.sqrt(image.squared));
    row.put("rmse_nearest", Math.sqrt(image.nearest));
    row.put("nearest", image.nearestName);
    return row;
  }

  @Override
  public double loss(Outcome image) {
    return image.squared;
  }

  @Override
  public String table() {
    String text =
        Strings.format(
            "%s%nroot mean squared error %.4g (pixel values)",
            Strings.count(images, "image"), rmse());
    if (Double.isNaN(rmseOfNearest())) return text;
    return rmseOfNearest() == 0
        ? text
            + Strings.format(
                "%nthe nearest known images are these images themselves: compare with images that are"
                    + " not among the known ones")
        : text
            + Strings.format(
                "%nof the nearest known images %.4g: the squared error is %.1f %% %s that",
                rmseOfNearest(),
                100 * Math.abs(belowNearest()),
                belowNearest() >= 0 ? "below" : "above");
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("rmse", rmse());
    if (!Double.isNaN(rmseOfNearest())) map.put("rmse_nearest", rmseOfNearest());
    if (!Double.isNaN(belowNearest())) map.put("below_nearest", belowNearest());
    return map;
  }
}
