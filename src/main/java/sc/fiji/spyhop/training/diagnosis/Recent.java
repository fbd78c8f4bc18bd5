package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.function.Predicate;
import sc.fiji.spyhop.util.Strings;

/** What detectors have in common. */
final class Recent {

  private Recent() {}

  static Evidence last(List<Evidence> epochs) {
    return epochs.get(epochs.size() - 1);
  }

  /** Whether something holds in each of the last epochs; false if there were fewer. */
  static boolean all(List<Evidence> epochs, int count, Predicate<Evidence> condition) {
    return epochs.size() >= count
        && epochs.subList(epochs.size() - count, epochs.size()).stream().allMatch(condition);
  }

  /** The highest skill of a head, NaN left out; NaN if there is none. */
  static double bestSkill(List<Answers> answers) {
    return answers.stream()
        .mapToDouble(Answers::skill)
        .filter(s -> !Double.isNaN(s))
        .max()
        .orElse(Double.NaN);
  }

  static String percent(double share) {
    double percent = 100 * share;
    return Strings.format(percent < 10 ? "%.1f %%" : "%.0f %%", percent);
  }

  static String number(double value) {
    return Strings.format("%.3g", value);
  }
}
