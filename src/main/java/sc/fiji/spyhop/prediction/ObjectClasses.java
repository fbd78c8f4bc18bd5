package sc.fiji.spyhop.prediction;

import java.util.Map;

/**
 * Which classes the objects of a plane are of, as far as that is known. Immutable.
 *
 * @param numbers of classes, from 0, by the label of the object
 */
public record ObjectClasses(Map<Integer, Integer> numbers) {

  /** What stands for the class of an object of which nobody has said it. */
  public static final int UNKNOWN = -1;

  /** Of no object. */
  public static final ObjectClasses NONE = new ObjectClasses(Map.of());

  /** Copies the map. */
  public ObjectClasses {
    numbers = Map.copyOf(numbers);
  }

  /** Number of the class of an object, or {@link #UNKNOWN}. */
  public int of(int label) {
    return numbers.getOrDefault(label, UNKNOWN);
  }

  /** Whether no class is known. */
  public boolean isNone() {
    return numbers.isEmpty();
  }
}
