package sc.fiji.spyhop.dataset;

import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/**
 * An image and what is known about it.
 *
 * @param truth what a perfect prediction would say, in pixels of the frame, from its first one
 */
public record Sample<T>(Frame frame, T truth) {

  /**
   * A sample of a frame that may be a view.
   *
   * @param truth boxes and points in the coordinates of what the frame is a view of; a label map
   *     begins at its first pixel
   * @throws SpyhopException if a label map has another size than the frame
   */
  @SuppressWarnings("unchecked")
  public static <T> Sample<T> of(Frame frame, T truth) {
    if (truth instanceof LabelMap labels
        && (labels.width() != frame.width() || labels.height() != frame.height())) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected labels of %d x %d pixels, received %d x %d.",
              frame.name(), frame.width(), frame.height(), labels.width(), labels.height()));
    }
    Frame whole = frame.placedAtZero();
    return truth instanceof Annotation a
        ? new Sample<>(whole, (T) a.shifted(-frame.origin().x(), -frame.origin().y()))
        : new Sample<>(whole, truth);
  }

  /** Name of the frame, by which messages tell it from others. */
  public String name() {
    return frame.name();
  }
}
