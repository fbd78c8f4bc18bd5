package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures of plugins that are not finite. */
class PluginMeansTest {

  @Test
  void leavesOutImagesWhoseFigureIsNotFinite() {
    List<Map<String, Double>> images =
        List.of(
            Map.of("a", 1.0),
            Map.of("a", Double.POSITIVE_INFINITY),
            Map.of("a", Double.NaN),
            Map.of("a", 3.0));
    assertEquals(Map.of("a", 2.0), PluginMetrics.means(images));
  }
}
