package sc.fiji.spyhop.explain;

import java.util.List;

/**
 * What an explanation found.
 *
 * @param used the explanation with the settings that were used
 * @param values how much each pixel of the image matters, row by row; 0 where it is not shown
 * @param figures of {@link Explanation#figures()}, one for each
 */
public record Attribution(Explanation used, float[] values, List<Double> figures) {

  /** Copies the figures, not the values. */
  public Attribution {
    figures = List.copyOf(figures);
  }

  /** One without figures. */
  static Attribution of(Explanation used, float[] values) {
    return new Attribution(used, values, List.of());
  }
}
