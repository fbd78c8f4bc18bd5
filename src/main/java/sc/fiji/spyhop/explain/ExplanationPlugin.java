package sc.fiji.spyhop.explain;

import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.plugin.Adjustable;
import sc.fiji.spyhop.plugin.Kind;

/**
 * A way to tell which parts of an image a prediction depends on that a jar brings. Asked for by its
 * name, like those of this program; its description is a sentence on what it maps. Several threads
 * may call it at once.
 */
@Kind("explanation")
public interface ExplanationPlugin extends Adjustable {

  /**
   * Whether it asks for {@link Question#gradients()}, which not every engine gives.
   *
   * @return true, unless said otherwise
   */
  default boolean needsGradients() {
    return true;
  }

  /**
   * How much each place of what the network is shown matters for the score.
   *
   * @param question the image as the network is shown it, its score, and the network
   * @param settings of all that it has, by name
   * @param progress to be told, and asked for whether it is cancelled, from time to time
   * @return row by row, as many as {@link Question#shown()} has columns and rows; negative where a
   *     place speaks against it
   */
  float[] map(Question question, Map<String, Double> settings, Progress progress);
}
