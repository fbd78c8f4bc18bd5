package sc.fiji.spyhop.task;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.prediction.ClassScores;

/** Tells which classes an image is of: one of them, or any number where none excludes another. */
public sealed interface ClassTask extends ImageTask<ClassScores>
    permits Classification, MultiLabelClassification {

  /** What stands between the names of classes in tables, labels of slices and annotations. */
  String SEPARATOR = ";";

  /** What tables and labels of slices say of an image that is of no class. */
  String NONE = "none";

  /** Names of the classes, by their numbers. */
  List<String> classes();

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.classification(this);
  }

  @Override
  default List<String> names() {
    return classes();
  }

  /** Whether an image is of exactly one class, so that probabilities sum to 1. */
  boolean exclusive();

  /**
   * Numbers of the classes that an image is said to be of, ascending: the most likely one if they
   * exclude each other, else those that are likely enough, which may be none.
   */
  List<Integer> told(ClassScores said);

  /** Names of {@link #told}. */
  default List<String> toldNames(ClassScores said) {
    return told(said).stream().map(classes()::get).toList();
  }

  /** The same as one text, {@code "a; b"}; empty if it is of none. */
  default String text(ClassScores said) {
    return String.join(SEPARATOR + " ", toldNames(said));
  }

  /** The same, with {@link #NONE} for an image of none, as labels of slices have it. */
  default String label(ClassScores said) {
    String text = text(said);
    return text.isEmpty() ? NONE : text;
  }

  /** The classes that a text names, {@code "a; b"}; none for {@code "none"}. */
  static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    for (String part : text.split(SEPARATOR)) {
      String name = part.strip();
      boolean isName = !name.isEmpty() && !name.equalsIgnoreCase(NONE);
      if (isName && !names.contains(name)) names.add(name);
    }
    return names;
  }

  /** Whether a label of a slice names classes, as {@link #label} does. */
  default boolean isLabel(String label) {
    if (exclusive()) return classes().contains(label);
    if (label.strip().equalsIgnoreCase(NONE)) return true;
    List<String> names = List.of(label.split(SEPARATOR, -1));
    return names.stream().map(String::strip).allMatch(classes()::contains);
  }

  @Override
  default Class<ClassScores> saidAs() {
    return ClassScores.class;
  }

  @Override
  default double[] numbers(ClassScores said) {
    double[] numbers = new double[said.classes()];
    for (int i = 0; i < numbers.length; i++) numbers[i] = said.probability(i);
    return numbers;
  }

  /** The most likely class. */
  @Override
  default int foremost(ClassScores said) {
    return said.best();
  }
}
