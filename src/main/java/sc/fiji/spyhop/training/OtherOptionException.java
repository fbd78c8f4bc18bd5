package sc.fiji.spyhop.training;

import sc.fiji.spyhop.SpyhopException;

/**
 * An option that does not fit: the training was started with another, or its task does not know it.
 */
public final class OtherOptionException extends SpyhopException {

  private static final long serialVersionUID = 1;

  /** A field of {@link TrainingOptions}. */
  private final String option;

  /** To stand after the name of the option. */
  private final String sentence;

  /**
   * @param option field of {@link TrainingOptions}
   * @param sentence what was expected and what was received, to stand after a name
   */
  OtherOptionException(String option, String sentence) {
    super("Option " + option + ": " + sentence);
    this.option = option;
    this.sentence = sentence;
  }

  /** The field of {@link TrainingOptions} that does not fit. */
  public String option() {
    return option;
  }

  /** What was expected and what was received, to stand after the name of the option. */
  public String sentence() {
    return sentence;
  }
}
