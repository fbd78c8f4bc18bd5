package sc.fiji.spyhop.job.batch;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.job.SettingException;

/**
 * How things are looked for in images.
 *
 * @param scaling in which scale images are shown to a model
 * @param precision in which it is asked to compute
 * @param measures what is measured of what is found
 * @param area where it is looked for
 */
public record Look(Scaling scaling, Precision precision, Measures measures, LookArea area) {

  /** What changes a result, but for the precision. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(scaling.settings());
    settings.put("measure", measures.toString());
    settings.putAll(area.settings());
    return settings;
  }

  /** The same, of things with a threshold; absent: the model's. */
  Map<String, String> settings(OptionalDouble score) {
    Map<String, String> settings = settings();
    score.ifPresent(s -> settings.put("score", String.valueOf(s)));
    return settings;
  }

  /**
   * Refuses a part of images for what looks at all of them.
   *
   * @param what looks, in the plural
   * @throws SettingException if one is asked for
   */
  void requireAll(String what) {
    if (area.isAll()) return;
    throw SettingException.wrong(
        "within",
        what + " look at all of an image: expected all, received \"" + area.text() + "\".");
  }

  /**
   * Refuses measurements that what is found cannot have.
   *
   * @throws SettingException if one is asked for by its name, or none that is asked for is left
   */
  public void requireMeasures(Measures.Of found) {
    try {
      measures.require(found);
    } catch (SpyhopException e) {
      throw SettingException.wrong("measure", e.getMessage());
    }
  }

  /** How a model is run. */
  public Runner.Options options() {
    return Runner.Options.DEFAULT.withScaling(scaling).withPrecision(precision);
  }
}
