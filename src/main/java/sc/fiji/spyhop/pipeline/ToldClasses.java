package sc.fiji.spyhop.pipeline;

import java.util.List;
import java.util.stream.Collectors;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.util.Strings;

/**
 * The classes that an object was said to be of.
 *
 * @param scores of all classes
 * @param classes numbers of those it is said to be of: one if classes exclude each other, else any
 *     number
 * @param exclusive whether classes exclude each other
 */
public record ToldClasses(ClassScores scores, List<Integer> classes, boolean exclusive) {

  /** Copies the list. */
  public ToldClasses {
    classes = List.copyOf(classes);
  }

  static ToldClasses of(ClassTask task, ClassScores scores) {
    return new ToldClasses(scores, task.told(scores), task.exclusive());
  }

  /** Their names, {@code "a; b"}; empty if it is of none. */
  public String text(List<String> names) {
    return classes.stream().map(names::get).collect(Collectors.joining(ClassTask.SEPARATOR + " "));
  }

  /** The same; {@link ClassTask#NONE} if it is of none. */
  String label(List<String> names) {
    return classes.isEmpty() ? ClassTask.NONE : text(names);
  }

  /** The same with their probabilities, in short; {@link ClassTask#NONE} if it is of none. */
  public String caption(List<String> names) {
    if (classes.isEmpty()) return ClassTask.NONE;
    return classes.stream()
        .map(c -> Strings.format("%s %.2f", names.get(c), scores.probability(c)))
        .collect(Collectors.joining(ClassTask.SEPARATOR + " "));
  }

  /**
   * Those that are told in a table, the most likely first: of several that exclude each other,
   * some.
   */
  List<Integer> told(int top) {
    return java.util.Arrays.stream(scores.ranked())
        .boxed()
        .filter(c -> exclusive || classes.contains(c))
        .limit(exclusive ? top : Long.MAX_VALUE)
        .toList();
  }
}
