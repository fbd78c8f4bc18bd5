package sc.fiji.spyhop.task;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * What a user wants otherwise than a model that finds objects has it.
 *
 * @param threshold probability above which a pixel belongs to an object, in (0, 1)
 * @param split how far the depth of an object must fall between two parts for them to be two
 *     objects, in (0, 1]: the lower, the more readily objects are split
 * @param probability mean probability below which an object is dropped, in [0, 1]
 * @param score below which an object is dropped, in [0, 1]
 */
public record Adjustment(
    OptionalDouble threshold,
    OptionalDouble split,
    OptionalDouble probability,
    OptionalDouble score) {

  /** Everything as the model has it. */
  public static final Adjustment NONE =
      new Adjustment(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());

  /** Whether nothing is set, so that the model decides everything. */
  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * For tasks that have nothing to adjust.
   *
   * @throws SpyhopException if something is set
   */
  void refuse(String kind) {
    if (isNone()) return;
    throw new SpyhopException(
        Strings.format(
            "A model for %s has no %s to be set: that is of models that find objects one by one.",
            kind, String.join(", ", settings().keySet())));
  }

  /** In words, such as {@code threshold 0.55, split 0.1}; empty if nothing is set. */
  public String text() {
    return settings().entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  /** What is set, by name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    threshold.ifPresent(v -> settings.put("threshold", Digits.six(v)));
    split.ifPresent(v -> settings.put("split", Digits.six(v)));
    probability.ifPresent(v -> settings.put("probability", Digits.six(v)));
    score.ifPresent(v -> settings.put("score", Digits.six(v)));
    return settings;
  }
}
