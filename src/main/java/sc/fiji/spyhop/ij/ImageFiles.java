package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import java.nio.file.Path;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.LabelMap;

/** Opens whatever ImageJ opens, without a dialog: TIFF, PNG, JPEG, GIF, BMP, DICOM, FITS, PGM. */
public final class ImageFiles implements ImageReader {

  /**
   * Opens an image of any dimensions.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the file is missing, unreadable, no image, cut short,
   *     or without a pixel
   */
  public static ImagePlus open(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Frame readFrame(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LabelMap readLabels(Path file) {
    throw new UnsupportedOperationException();
  }
}
