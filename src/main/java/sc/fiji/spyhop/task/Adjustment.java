package sc.fiji.spyhop.task;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import sc.fiji.spyhop.util.Digits;

/**
 * What a user wants otherwise than a model that finds objects has it.
 *
 * @param threshold probability above which a pixel belongs to an object, in (0, 1)
 * @param split how far the depth of an object must fall between two parts for them to be two
 *     objects, in (0, 1]: the lower, the more readily objects are split
 * @param probability mean probability below which an object is dropped, in [0, 1]
 */
public record Adjustment(
    OptionalDouble threshold, OptionalDouble split, OptionalDouble probability) {

  /** Everything as the model has it. */
  public static final Adjustment NONE =
      new Adjustment(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

  public boolean isNone() {
    return equals(NONE);
  }

  /** What is set, by name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    threshold.ifPresent(v -> settings.put("threshold", Digits.six(v)));
    split.ifPresent(v -> settings.put("split", Digits.six(v)));
    probability.ifPresent(v -> settings.put("probability", Digits.six(v)));
    return settings;
  }
}
