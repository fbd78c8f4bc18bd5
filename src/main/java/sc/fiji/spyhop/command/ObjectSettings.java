package sc.fiji.spyhop.command;

import java.util.OptionalDouble;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Adjust;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.util.Strings;

/** What counts as an object: what the settings of several commands say and mean. */
final class ObjectSettings {

  static final String THRESHOLD_HELP =
      "Probability above which a pixel belongs to an object, more than 0 and less than 1: a lower"
          + " one makes objects larger and finds fainter ones; empty for what was best for the"
          + " model's validation images.";

  static final String SPLIT_HELP =
      "How deep the neck between two parts has to be for them to be two objects, more"
          + " than 0 and at most 1: a lower one splits more; empty for what was best for the model's validation"
          + " images.";

  static final String PROBABILITY_HELP =
      "Mean probability of an object, from 0 to 1, below which it is left out; empty for what"
          + " was best for the model's validation images.";

  static final String SCORE_HELP =
      "Score of an object, from 0 to 1, below which it is left out: of objects with a score of 0.8,"
          + " about 80 % match a true one. Empty for all; only of models that tell scores.";

  static final String SMALLEST_HELP =
      "Objects of a smaller area are left out. It is in the unit of the column area: the square"
          + " of that of the image, such as µm², or pixels where an image has none.";

  static final String LARGEST_HELP =
      "Objects of a larger area are left out, in the unit of the minimum; 0 for no maximum.";

  static final String FILL_HELP = "Fills holes that lie in one object alone.";

  static final String WHOLE_HELP =
      "Objects that touch the border of the image are not whole: leaves them out.";

  static final String CLASSES_HELP =
      "Keeps what is of these classes alone, with commas; empty for all. Only of models that tell"
          + " classes.";

  static final String KEEP_HELP =
      "Keeps the maps that objects are found in, as a 32-bit image with a channel for each, with"
          + " which these settings can be changed without running the network again.";

  private ObjectSettings() {}

  /**
   * What is wanted otherwise than the model has it.
   *
   * @throws SettingException if a setting makes no sense
   */
  static Adjust parse(
      String threshold,
      String split,
      String probability,
      String score,
      double smallest,
      double largest,
      boolean fill,
      boolean whole,
      String classes) {
    Adjustment decoding =
        new Adjustment(
            within("threshold", threshold, false),
            within("split", split, true),
            JobCommand.number("probability", probability, 1),
            JobCommand.number("score", score, 1));
    if (smallest < 0 || largest < 0 || largest > 0 && largest < smallest) {
      throw SettingException.wrong(
          largest < smallest ? "largest" : "smallest",
          "expected areas of 0 or more, the maximum not below the minimum.");
    }
    double most = largest == 0 ? Double.POSITIVE_INFINITY : largest;
    return new Adjust(decoding, smallest, most, fill, whole, classes(classes));
  }

  /** The setting of classes that are kept. */
  static KeptClasses classes(String names) {
    return new KeptClasses(JobCommand.words(names));
  }

  /** Without the ends of the range at which nothing, or everything, would be an object. */
  private static OptionalDouble within(String name, String text, boolean one) {
    OptionalDouble value = JobCommand.number(name, text);
    if (value.isEmpty()) return value;
    double v = value.getAsDouble();
    if (v > 0 && (v < 1 || one && v == 1)) return value;
    throw SettingException.wrong(
        name,
        Strings.format(
            "expected a number of more than 0 and %s 1, received %s.",
            one ? "at most" : "less than", text.strip()));
  }
}
