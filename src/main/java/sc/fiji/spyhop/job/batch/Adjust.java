package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.measure.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.task.decode.Refinement;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * What a user wants otherwise than a model that finds objects has it.
 *
 * @param decoding how its outputs become objects
 * @param smallest area below which objects are left out, in the unit of the image squared
 * @param largest area above which they are left out, in the same
 * @param fill whether holes in objects are filled
 * @param drop whether objects at the border of the image are left out
 */
public record Adjust(
    Adjustment decoding, double smallest, double largest, boolean fill, boolean drop) {

  /** All as the model has it. */
  public static final Adjust NONE =
      new Adjust(Adjustment.NONE, 0, Double.POSITIVE_INFINITY, false, false);

  /** What is set, by name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(decoding.settings());
    if (smallest > 0) settings.put("smallest", Digits.six(smallest));
    if (largest < Double.POSITIVE_INFINITY) settings.put("largest", Digits.six(largest));
    if (fill) settings.put("fill", "true");
    if (drop) settings.put("whole", "true");
    return settings;
  }

  /**
   * Refuses what is of objects alone, for a model that tells classes of pixels apart; holes in them
   * may be filled.
   *
   * @throws SpyhopException if something is set that such a model does not have
   */
  void refuseForClasses() {
    List<String> refused = new ArrayList<>(settings().keySet());
    refused.remove("fill");
    if (refused.isEmpty()) return;
    throw new SpyhopException(
        Strings.format(
            "A model for classes of pixels has no %s to be set: that is of models that find objects"
                + " one by one.",
            String.join(", ", refused)));
  }

  /** With areas in pixels of an image. */
  public Refinement in(ImagePlus image) {
    Calibration c = image.getCalibration();
    double pixel = c.pixelWidth * c.pixelHeight;
    return new Refinement(smallest / pixel, largest / pixel, fill, drop);
  }
}
