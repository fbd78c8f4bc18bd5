package sc.fiji.spyhop.prediction;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers measured on an image, by a network or by an annotator.
 *
 * @param values finite, in the units of what is measured, at least one
 */
public record RealValues(List<Double> values) {

  public RealValues {
    values = List.copyOf(values);
    if (values.isEmpty() || !values.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("values: expected finite numbers, received " + values);
    }
  }

  public static RealValues of(double... values) {
    return new RealValues(Arrays.stream(values).boxed().toList());
  }

  public int size() {
    return values.size();
  }

  public double get(int index) {
    return values.get(index);
  }
}
