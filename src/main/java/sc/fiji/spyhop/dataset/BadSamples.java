package sc.fiji.spyhop.dataset;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/** What is wrong with the samples of a set, told together. */
public final class BadSamples {

  private static final int NAMED_PROBLEMS = 5;

  private BadSamples() {}

  /**
   * Refuses a set that has problems, naming the first few.
   *
   * @param problems clauses such as "a.png has no label image"
   */
  public static void throwIfAny(List<String> problems, String where) {
    if (problems.isEmpty()) return;
    throw new SpyhopException(
        where
            + ": "
            + first(problems)
            + ". Correct or remove "
            + (problems.size() == 1 ? "it" : "these")
            + " and start again.");
  }

  /** The first few clauses, and how many more there are. */
  public static String first(List<String> problems) {
    int more = problems.size() - NAMED_PROBLEMS;
    return String.join("; ", problems.subList(0, Math.min(problems.size(), NAMED_PROBLEMS)))
        + (more > 0 ? "; and " + more + " more" : "");
  }

  /** What is wrong with one sample, as a clause that names it. */
  public static String clause(String name, SpyhopException e) {
    String message = e.getMessage().replaceAll("\\.$", "");
    return message.contains(name) ? message : name + ": " + message;
  }
}
