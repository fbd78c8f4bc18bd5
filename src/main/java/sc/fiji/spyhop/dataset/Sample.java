package sc.fiji.spyhop.dataset;

import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
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
   *     begins at its first pixel; an annotation has the size of the frame, or of the image of
   *     which it is a view
   * @throws SpyhopException if a label map or an annotation has another size than the frame, or a
   *     box lies outside
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
    if (truth instanceof Frame image
        && (image.width() != frame.width() || image.height() != frame.height())) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a target of %d x %d pixels, received %d x %d.",
              frame.name(), frame.width(), frame.height(), image.width(), image.height()));
    }
    Frame whole = frame.placedAtZero();
    if (!(truth instanceof Annotation a)) return new Sample<>(whole, truth);
    Annotation moved = a.shifted(-frame.origin().x(), -frame.origin().y());
    Annotation placed =
        isViewOf(frame, a.size())
            ? new Annotation(
                new ImageSize(frame.width(), frame.height()), moved.objects(), moved.poses())
            : moved;
    requireFit(whole, placed);
    return new Sample<>(whole, (T) placed);
  }

  /** Whether a frame is a part of an image of some size that does not begin where that does. */
  private static boolean isViewOf(Frame frame, ImageSize size) {
    int x = frame.origin().x();
    int y = frame.origin().y();
    return !frame.origin().equals(Frame.Origin.ZERO)
        && x >= 0
        && y >= 0
        && x + frame.width() <= size.width()
        && y + frame.height() <= size.height();
  }

  private static void requireFit(Frame frame, Annotation truth) {
    ImageSize size = truth.size();
    if (size.width() != frame.width() || size.height() != frame.height()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an annotation of an image of %d x %d pixels, received one of %d x %d.",
              frame.name(), frame.width(), frame.height(), size.width(), size.height()));
    }
    for (LocalizedObject object : truth.objects()) {
      Box b = object.box();
      if (b.x() < size.width()
          && b.y() < size.height()
          && b.x() + b.width() > 0
          && b.y() + b.height() > 0) continue;
      throw new SpyhopException(
          Strings.format(
              "%s: expected boxes that touch the image of %d x %d pixels, received one that lies"
                  + " outside: %s.",
              frame.name(), size.width(), size.height(), b));
    }
  }

  /** Name of the frame, by which messages tell it from others. */
  public String name() {
    return frame.name();
  }
}
