package sc.fiji.spyhop.image;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import sc.fiji.spyhop.plugin.Adjustable;
import sc.fiji.spyhop.plugin.Kind;

/**
 * A way to normalise intensities that a jar brings. A model that was trained with it keeps its name
 * and settings, and needs the jar. Several threads may call it at once.
 */
@Kind("normalization")
public interface NormalizationPlugin extends Adjustable {

  /**
   * Measures an image.
   *
   * @param frame the whole of it, so that all tiles are treated alike
   * @param settings of all that it has, by name
   * @return for each channel, what becomes of a pixel's value; finite
   */
  List<DoubleUnaryOperator> fit(Frame frame, Map<String, Double> settings);
}
