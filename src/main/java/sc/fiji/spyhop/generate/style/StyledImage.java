package sc.fiji.spyhop.generate.style;

import java.util.List;
import sc.fiji.spyhop.image.Frame;

/**
 * An image that was painted anew.
 *
 * @param image of three channels in 8 bits, or of one, as deep as the image it was made of; its
 *     pixel size is that of the image, larger where it was made smaller
 * @param pictures how it became so, if they were asked for
 * @param content what is left of the content's loss
 * @param style what is left of the style's, without its strength
 * @param loss their sum, and smoothness
 * @param iterations steps made
 * @param asked steps asked for
 * @param stopped whether somebody had enough before
 */
public record StyledImage(
    Frame image,
    List<Picture> pictures,
    double content,
    double style,
    double loss,
    int iterations,
    int asked,
    boolean stopped) {

  /**
   * The image after a step.
   *
   * @param iteration from 0, what it began with
   */
  public record Picture(int iteration, Frame image) {}

  /** Copies the list. */
  public StyledImage {
    pictures = List.copyOf(pictures);
  }
}
