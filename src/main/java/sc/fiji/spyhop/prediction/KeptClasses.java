package sc.fiji.spyhop.prediction;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Of which classes what is found is kept.
 *
 * @param names of the classes; empty: all
 */
public record KeptClasses(List<String> names) {

  /** Everything is kept. */
  public static final KeptClasses ALL = new KeptClasses(List.of());

  /** Copies the list. */
  public KeptClasses {
    names = List.copyOf(names);
  }

  /** Whether nothing is left out. */
  public boolean areAll() {
    return names.isEmpty();
  }

  /** Whether what is of a class is kept. */
  public boolean contain(String type) {
    return areAll() || names.contains(type);
  }

  /** Those that are among others; all if none is. */
  public KeptClasses of(List<String> others) {
    return new KeptClasses(names.stream().filter(others::contains).toList());
  }

  /**
   * Refuses classes that are not known.
   *
   * @param known those that there are; empty where what is found has no classes
   * @return this
   * @throws SpyhopException if another one is named
   */
  public KeptClasses among(List<String> known) {
    for (String name : names) {
      if (known.contains(name)) continue;
      throw new SpyhopException(
          known.isEmpty()
              ? "expected nothing, as what the model finds has no classes; received \""
                  + name
                  + "\"."
              : Strings.format(
                  "expected some of %s, received \"%s\".", String.join(", ", known), name));
    }
    return this;
  }

  /** With commas. */
  @Override
  public String toString() {
    return String.join(",", names);
  }
}
