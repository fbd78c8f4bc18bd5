package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.measure.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.RegionNames;
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
 * @param classes of the objects that are kept
 */
public record Adjust(
    Adjustment decoding,
    double smallest,
    double largest,
    boolean fill,
    boolean drop,
    KeptClasses classes) {

  /** Name of the setting of classes that are kept. */
  static final String CLASSES = "classes";

  /** All as the model has it. */
  public static final Adjust NONE =
      new Adjust(Adjustment.NONE, 0, Double.POSITIVE_INFINITY, false, false, KeptClasses.ALL);

  /** What is set, by name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(decoding.settings());
    if (smallest > 0) settings.put("smallest", Digits.six(smallest));
    if (largest < Double.POSITIVE_INFINITY) settings.put("largest", Digits.six(largest));
    if (fill) settings.put("fill", "true");
    if (drop) settings.put("whole", "true");
    settings.putAll(settings(classes));
    return settings;
  }

  /** The setting of classes that are kept, by name. */
  static Map<String, String> settings(KeptClasses classes) {
    return classes.areAll() ? Map.of() : Map.of(CLASSES, classes.toString());
  }

  /**
   * Refuses classes that what is found does not have.
   *
   * @throws SettingException if one is named
   */
  static void require(KeptClasses classes, List<String> known) {
    try {
      classes.among(known);
    } catch (SpyhopException e) {
      throw SettingException.wrong(CLASSES, e.getMessage());
    }
  }

  /**
   * Refuses what a model does not have: for one that tells classes of pixels apart, what is of
   * objects alone, though holes may be filled.
   *
   * @param names of the regions that the model finds
   * @return the same, of which those are looked for that are kept
   * @throws SpyhopException if something is set that the model does not have
   */
  RegionNames require(RegionNames names) {
    if (names.areClasses()) refuseForClasses();
    require(classes, names.types());
    return names.only(classes);
  }

  private void refuseForClasses() {
    List<String> refused = new ArrayList<>(settings().keySet());
    refused.remove("fill");
    refused.remove("threshold"); // which classes that may overlap have, and the task refuses
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
