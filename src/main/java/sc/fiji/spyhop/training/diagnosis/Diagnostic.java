package sc.fiji.spyhop.training.diagnosis;

/**
 * Something that goes wrong with a training.
 *
 * @param observation what was seen, with figures: one or more sentences
 * @param advice what to try: one or more sentences
 */
public record Diagnostic(Symptom symptom, String observation, String advice) {

  /** For a person. */
  public String text() {
    return observation + " " + advice;
  }
}
