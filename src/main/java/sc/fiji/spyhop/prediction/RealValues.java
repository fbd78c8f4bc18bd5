package sc.fiji.spyhop.prediction;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers measured on an image, by a network or by an annotator.
 *
 * @param values finite, in the units of what is measured, at least one
 */
public record RealValues(List<Double> values) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if it is empty, or a number is not finite
   */
  public RealValues {
    values = List.copyOf(values);
    if (values.isEmpty() || !values.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("values: expected finite numbers, received " + values);
    }
  }

  /** As a list, in the same order. */
  public static RealValues of(double... values) {
    return new RealValues(Arrays.stream(values).boxed().toList());
  }

  /** How many numbers, at least 1. */
  public int size() {
    return values.size();
  }

  /** The number at a place, from 0. */
  public double get(int index) {
    return values.get(index);
  }
}
