package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Overlay;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** Pictures of what was found. */
public final class Overlays {

  private Overlays() {}

  /**
   * The current plane of an image in its own colours, contrast stretched, with outlines drawn on
   * top. Small images are enlarged by a whole number.
   */
  public static BufferedImage render(ImagePlus image, Overlay overlay) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes {@link #render} as PNG, whole or not at all.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void writePng(Path file, ImagePlus image, Overlay overlay) {
    throw new UnsupportedOperationException();
  }
}
