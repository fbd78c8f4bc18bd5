package sc.fiji.spyhop.task.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good predictions are.
 *
 * @param value what training should raise
 * @param figures by name, in the order in which they are shown
 */
public record Score(double value, Map<String, Double> figures) {

  /** Copies the figures, whose order is kept. */
  public Score {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }
}
