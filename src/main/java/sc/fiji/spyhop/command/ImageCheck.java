package sc.fiji.spyhop.command;

import ij.ImagePlus;
import sc.fiji.spyhop.SpyhopException;

/** Open images that commands look at. */
final class ImageCheck {

  /** Until it is closed, an image keeps its pixels, even if its window is closed meanwhile. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private ImageCheck() {}

  /**
   * Holds an image.
   *
   * @throws SpyhopException if it has no pixels, as an unknown title arrives
   */
  static Held hold(ImagePlus image) {
    require(image);
    boolean locked = image.lockSilently();
    return () -> {
      if (locked) image.unlock();
    };
  }

  private static void require(ImagePlus image) {
    if (image.getWidth() > 0 && image.getHeight() > 0) return;
    throw new SpyhopException(
        "Image: expected an open image, received the title of one that is not. "
            + OpenImages.told());
  }
}
