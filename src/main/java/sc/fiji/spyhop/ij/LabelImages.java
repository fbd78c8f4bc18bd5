package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.process.LUT;
import java.nio.file.Path;
import sc.fiji.spyhop.prediction.LabelMap;

/** Label images as ImageJ shows and stores them. */
public final class LabelImages {

  private LabelImages() {}

  /** A label image over the labels themselves, not a copy. */
  public static ImagePlus of(String title, LabelMap labels) {
    throw new UnsupportedOperationException();
  }

  /** 256 colours: black for 0, then distinct ones. */
  public static LUT lut() {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes an image as TIFF, whole or not at all.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void save(ImagePlus image, Path file) {
    throw new UnsupportedOperationException();
  }
}
