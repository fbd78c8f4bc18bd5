package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
import sc.fiji.spyhop.SpyhopException;

/** Images as commands get and give them. */
final class ImageCheck {

  private ImageCheck() {}

  /** An unknown title arrives as an image without pixels. */
  static void require(ImagePlus image) {
    if (image.getWidth() > 0 && image.getHeight() > 0) return;
    String[] titles = WindowManager.getImageTitles();
    throw new SpyhopException(
        "Image: expected the title of an open image, received that of none. Open are: "
            + (titles.length == 0 ? "none" : String.join(", ", titles))
            + ".");
  }
}
