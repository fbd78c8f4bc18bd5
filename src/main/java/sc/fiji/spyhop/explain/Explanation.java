package sc.fiji.spyhop.explain;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;

/**
 * One way to tell which parts of an image a prediction depends on, with its settings. Immutable.
 */
public interface Explanation {

  /** In a word, such as {@code occlusion}. */
  String name();

  /** What changes the result, by name, in the order of columns of tables. */
  Map<String, String> settings();

  /** What it tells besides the map, as names of columns of tables. */
  default List<String> figures() {
    return List.of();
  }

  /** What tables call the largest value of the map, such as {@code largest_drop}. */
  String largest();

  /**
   * What a map tells, in short, such as {@code hiding a window of 8 pixels lowers it by up to
   * 0.25}.
   */
  String effect(SaliencyMap map);

  /** Whether it asks for gradients, which not every engine gives. */
  default boolean needsGradients() {
    return true;
  }

  /**
   * With the settings that will be used for an image.
   *
   * @throws sc.fiji.spyhop.SpyhopException if they do not suit it
   */
  default Explanation fittedTo(int width, int height) {
    return this;
  }

  /**
   * How much each pixel of an image matters for its score.
   *
   * @param question what is explained, of which image
   * @return a value for each pixel of the image, row by row
   * @throws sc.fiji.spyhop.SpyhopException if the network has not what the settings ask for
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  Attribution map(Question question, Progress progress);
}
