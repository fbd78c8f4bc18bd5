package sc.fiji.spyhop.training.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * In how many images, or of how many images, each class occurs.
 *
 * @param classes names by number
 * @param training counts by class
 * @param validation counts by class; all zero if there is no validation
 */
public record Census(List<String> classes, long[] training, long[] validation) {

  /** Classes without an example, if there are any. */
  public Optional<Diagnostic> look() {
    List<String> unseen = missing(training);
    long judged = 0;
    for (long n : validation) judged += n;
    List<String> unjudged = judged == 0 ? List.of() : missing(validation);
    if (unseen.isEmpty() && unjudged.isEmpty()) return Optional.empty();
    List<String> observed = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    if (!unseen.isEmpty()) {
      observed.add("No training image shows " + names(unseen) + ": it cannot be learned.");
      advice.add("Annotate examples of it, or leave it out of the classes.");
    }
    if (!unjudged.isEmpty()) {
      observed.add(
          "No validation image shows "
              + names(unjudged)
              + ": how well it is recognised stays unknown.");
      advice.add("Use a larger share of the images for validation, or another seed.");
    }
    return Optional.of(
        new Diagnostic(
            Symptom.CLASS_WITHOUT_EXAMPLES, String.join(" ", observed), String.join(" ", advice)));
  }

  private List<String> missing(long[] counts) {
    List<String> missing = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) if (counts[c] == 0) missing.add(classes.get(c));
    return missing;
  }

  private static String names(List<String> classes) {
    return (classes.size() == 1 ? "class " : "any of the classes ")
        + String.join(", ", classes.stream().map(c -> '"' + c + '"').toList());
  }
}
