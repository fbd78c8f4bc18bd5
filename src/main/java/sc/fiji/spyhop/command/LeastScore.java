package sc.fiji.spyhop.command;

import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Decimals;

/** From which score on something is reported, as macros say it. */
final class LeastScore {

  private LeastScore() {}

  /**
   * @param text a number from 0 to 1; empty for what was best when the model was made
   * @throws SpyhopException for anything else
   */
  static OptionalDouble parse(String text) {
    if (text.isBlank()) return OptionalDouble.empty();
    double value = Decimals.parse(text);
    if (value >= 0 && value <= 1) return OptionalDouble.of(value);
    throw new SpyhopException(
        "Least score: expected a number from 0 to 1, or nothing, received \"" + text + "\".");
  }
}
