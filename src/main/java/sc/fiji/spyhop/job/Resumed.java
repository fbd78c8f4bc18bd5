package sc.fiji.spyhop.job;

import java.util.Map;
import sc.fiji.spyhop.training.OtherOptionException;

/** The setting by which a user changed an option of a training that is to be resumed. */
final class Resumed {

  /** Keys of settings by the options that are called otherwise. */
  private static final Map<String, String> KEYS =
      Map.of(
          "stepsPerEpoch", "steps",
          "learningRate", "rate",
          "l2", "decay",
          "clipNorm", "clip",
          "validateEvery", "every",
          "augmentation", "augment",
          "rates", "factors");

  private Resumed() {}

  static SettingException setting(OtherOptionException e) {
    return SettingException.wrong(KEYS.getOrDefault(e.option(), e.option()), e.sentence());
  }
}
