package sc.fiji.spyhop.ij;

import ij.IJ;
import ij.ImagePlus;
import java.io.IOException;
import java.util.function.Supplier;

/** ImageJ's readers without their dialogs. */
final class Quietly {

  private Quietly() {}

  /**
   * Opens an image.
   *
   * @throws IOException with what ImageJ says if it opens none
   */
  static synchronized ImagePlus open(Supplier<ImagePlus> opening) throws IOException {
    boolean before = IJ.redirectingErrorMessages();
    IJ.redirectErrorMessages(true);
    try {
      IJ.getErrorMessage(); // forgets an earlier one
      ImagePlus image = opening.get();
      String why = IJ.getErrorMessage();
      if (image != null) return image;
      throw new IOException(why == null ? "" : why);
    } finally {
      IJ.redirectErrorMessages(before);
    }
  }
}
