package sc.fiji.spyhop.explain;

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

  /** What tables call the largest value of the map, such as {@code largest_drop}. */
  String largest();

  /**
   * What the largest value of the map tells, such as {@code hiding a window of 8 pixels lowers it
   * by up to 0.25}.
   */
  String effect(double largest);

  /**
   * With the settings that will be used for an image.
   *
   * @throws sc.fiji.spyhop.SpyhopException if they do not suit it
   */
  Explanation fittedTo(int width, int height);

  /**
   * How much each pixel of an image matters for its score.
   *
   * @return row by row, for every pixel of the image; 0 where it is not shown
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  float[] map(Question question, Progress progress);
}
