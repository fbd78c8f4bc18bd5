package sc.fiji.spyhop.image.tiff;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A strip or tile of JPEG (TIFF technical note 2), decoded by Java. Its colours are red, green and
 * blue, whichever way they are stored.
 */
final class TiffJpeg {

  private final Raster raster;
  private final boolean yCbCr;

  private TiffJpeg(Raster raster, boolean yCbCr) {
    this.raster = raster;
    this.yCbCr = yCbCr;
  }

  /** Decodes a strip with the tables of its page. */
  static TiffJpeg decode(TiffPage page, byte[] strip) throws IOException {
    boolean[] complaint = {false};
    try (ImageInputStream in =
        ImageIO.createImageInputStream(
            new ByteArrayInputStream(joined(page.jpegTables(), strip)))) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
      if (!readers.hasNext()) throw new UnsupportedTiffException("its compression is JPEG");
      ImageReader reader = readers.next();
      try {
        reader.addIIOReadWarningListener((source, warning) -> complaint[0] = true);
        reader.setInput(in, true, true);
        if ((long) reader.getWidth(0) * reader.getHeight(0)
            > 4 * page.tileWidth() * page.tileHeight() + 4096) {
          throw new IOException("a JPEG in it is larger than its tile");
        }
        Raster raster = reader.readRaster(0, null);
        if (complaint[0]) throw new IOException("damaged JPEG");
        return new TiffJpeg(raster, page.photometric() == TiffPage.YCBCR);
      } finally {
        reader.dispose();
      }
    } catch (RuntimeException e) {
      throw new IOException("damaged JPEG", e);
    }
  }

  /** Tables without their end and an image without its start are one JPEG. */
  private static byte[] joined(byte[] tables, byte[] strip) {
    if (tables.length < 4 || strip.length < 2) return strip;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tables, 0, tables.length - 2);
    all.write(strip, 2, strip.length - 2);
    return all.toByteArray();
  }

  int width() {
    return raster.getWidth();
  }

  int height() {
    return raster.getHeight();
  }

  int bands() {
    return raster.getNumBands();
  }

  /** Writes a part of a row of a colour; YCbCr as in JFIF. */
  void row(int y, int band, int[] out) {
    if (!yCbCr || bands() != 3) {
      raster.getSamples(0, y, out.length, 1, band, out);
      return;
    }
    for (int x = 0; x < out.length; x++) {
      int luma = raster.getSample(x, y, 0);
      int blue = raster.getSample(x, y, 1) - 128;
      int red = raster.getSample(x, y, 2) - 128;
      double value =
          switch (band) {
            case 0 -> luma + 1.402 * red;
            case 1 -> luma - 0.344136 * blue - 0.714136 * red;
            default -> luma + 1.772 * blue;
          };
      out[x] = (int) Math.max(0, Math.min(255, Math.round(value)));
    }
  }
}
