package sc.fiji.spyhop.util;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG files. */
public final class PngFile {

  private PngFile() {}

  /**
   * Writes a picture, whole or not at all. Needs no temporary file beside, which Java refuses when
   * the program ends, so that what a job was stopped at can still be kept.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void write(BufferedImage picture, Path file) {
    AtomicFile.write(
        file,
        out -> {
          try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture, "png", stream);
          }
        });
  }
}
