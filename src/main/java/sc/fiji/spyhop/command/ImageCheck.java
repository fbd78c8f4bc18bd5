package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
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
    String[] titles = WindowManager.getImageTitles();
    throw new SpyhopException(
        "Image: expected the title of an open image, received that of none. Open are: "
            + (titles.length == 0 ? "none" : String.join(", ", titles))
            + ".");
  }
}
