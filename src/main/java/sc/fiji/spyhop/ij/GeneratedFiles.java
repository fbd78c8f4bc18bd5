package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import sc.fiji.spyhop.util.AtomicFile;

/**
 * Files of images that were made: PNG where that keeps all there is, which are colours and grey
 * values of 8 bits without calibration, else TIFF as ImageJ writes it.
 */
public final class GeneratedFiles {

  private GeneratedFiles() {}

  /**
   * The ending of files, with its dot.
   *
   * @param bits of a pixel of a channel
   */
  public static String ending(int images, int channels, boolean colors, int bits, boolean sized) {
    boolean plain = images == 1 && bits == 8 && (colors || channels == 1) && !sized;
    return plain ? ".png" : ".tif";
  }

  /**
   * Writes a file whole or not at all, as its ending says.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void write(ImagePlus image, Path file) {
    if (!file.toString().endsWith(".png")) {
      LabelImages.save(image, file);
      return;
    }
    BufferedImage picture = image.getBufferedImage();
    AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
  }
}
