package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.util.Strings;

/**
 * PNG, JPEG and BMP with the values that are stored: ImageJ's own readers go through the screen's
 * colours, which changes some, and fill up what is cut off.
 */
final class JavaImages {

  /** Pixels that a byte of a file can become at most, which PNG of one bit comes close to. */
  private static final long MAX_RATIO = 10_000;

  private JavaImages() {}

  /**
   * Opens a file: grey as 8 or 16 bits, colours as RGB or a composite of 16-bit channels. What a
   * palette means is up to {@link Palettes}. What is transparent is blended with white, as in
   * ImageJ; the transparency of grey is ignored.
   *
   * @param format name of the format in Java
   * @param entries that a palette has at most
   * @param indices whether the numbers of a palette are wanted, not what they mean; a picture of
   *     one bit has 0 and 255 all the same, as a mask
   * @throws IOException if a pixel has an entry that the palette does not have
   * @throws SpyhopException if the file is damaged, cut short, or too large
   */
  static ImagePlus open(Path file, String format, int entries, long memory, boolean indices)
      throws IOException {
    BufferedImage picture = read(file, format, memory);
    Raster raster = picture.getRaster();
    if (picture.getColorModel() instanceof IndexColorModel palette) {
      ByteProcessor numbers = (ByteProcessor) band(raster, 0);
      boolean numbered = indices && !isBlackAndWhite(palette);
      if (numbered) return new ImagePlus("", numbers);
      Palettes.requireEntries((byte[]) numbers.getPixels(), entries, -1);
      return new ImagePlus("", Palettes.show(numbers, palette));
    }
    if (raster.getNumBands() <= 2) return new ImagePlus("", band(raster, 0));
    if (raster.getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE
        || raster.getDataBuffer().getDataType() == DataBuffer.TYPE_INT) {
      return new ImagePlus("", rgb(picture));
    }
    if (picture.getSampleModel().getSampleSize(0) <= 8) return new ImagePlus("", rgb(picture));
    ImageStack stack = new ImageStack(picture.getWidth(), picture.getHeight());
    String[] names = {"Red", "Green", "Blue"};
    for (int c = 0; c < 3; c++) {
      ImageProcessor color = band(raster, c);
      if (raster.getNumBands() == 4) onWhite((short[]) color.getPixels(), raster);
      stack.addSlice(names[c], color);
    }
    ImagePlus image = new ImagePlus("", stack);
    image.setDimensions(3, 1, 1);
    return new CompositeImage(image, CompositeImage.COMPOSITE);
  }

  /** What Java makes of one bit for a pixel. */
  private static boolean isBlackAndWhite(IndexColorModel palette) {
    return palette.getMapSize() == 2
        && palette.getRGB(0) == 0xFF000000
        && palette.getRGB(1) == 0xFFFFFFFF;
  }

  /** Columns and rows, by the header alone. */
  static ImageSize size(Path file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) throw new IOException("no reader");
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return new ImageSize(reader.getWidth(0), reader.getHeight(0));
      } finally {
        reader.dispose();
      }
    }
  }

  private static BufferedImage read(Path file, String format, long memory) {
    List<String> complaints = new ArrayList<>();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
      if (in == null || !readers.hasNext()) throw new IOException("no reader");
      ImageReader reader = readers.next();
      try {
        reader.addIIOReadWarningListener(
            (source, warning) -> {
              if (JpegWarnings.tellOfDamage(warning)) complaints.add(warning);
            });
        reader.setInput(in, true, true);
        requireRoom(file, reader.getWidth(0), reader.getHeight(0), memory);
        BufferedImage picture = reader.read(0);
        if (!complaints.isEmpty()) throw damaged(file, complaints);
        return picture;
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof SpyhopException problem) throw problem;
      throw new SpyhopException(file + " is damaged or cut short. Copy it again.", e);
    }
  }

  private static SpyhopException damaged(Path file, List<String> complaints) {
    return new SpyhopException(
        complaints.stream().anyMatch(JpegWarnings::tellOfAnEnd)
            ? file + " is cut short. Copy it again."
            : Strings.format("%s is damaged (%s). Copy it again.", file, complaints.get(0)));
  }

  private static void requireRoom(Path file, long width, long height, long memory) {
    File stored = file.toFile();
    long pixels = width * height;
    if (pixels / MAX_RATIO > stored.length() + 100) {
      throw new SpyhopException(
          Strings.format(
              "%s is damaged: its %d bytes cannot hold %d x %d pixels.",
              file, stored.length(), width, height));
    }
    if (pixels > Integer.MAX_VALUE - 8 || pixels * 4 > memory) {
      throw new SpyhopException(
          Strings.format(
              "%s does not fit into memory: it has %d x %d pixels. %s",
              file, width, height, SpyhopException.MORE_HEAP));
    }
  }

  private static ImageProcessor band(Raster raster, int band) {
    int w = raster.getWidth();
    int h = raster.getHeight();
    boolean bytes = raster.getSampleModel().getSampleSize(band) <= 8;
    byte[] b = new byte[bytes ? w * h : 0];
    short[] s = new short[bytes ? 0 : w * h];
    int[] row = new int[w];
    for (int y = 0; y < h; y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, band, row);
      for (int x = 0; x < w; x++) {
        if (bytes) b[y * w + x] = (byte) row[x];
        else s[y * w + x] = (short) row[x];
      }
    }
    return bytes ? new ByteProcessor(w, h, b, null) : new ShortProcessor(w, h, s, null);
  }

  /** Blends a colour of 16 bits with white as far as it is transparent, as those of 8 bits are. */
  private static void onWhite(short[] color, Raster raster) {
    int w = raster.getWidth();
    int[] alpha = new int[w];
    for (int i = 0; i < color.length; i++) {
      if (i % w == 0) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + i / w, w, 1, 3, alpha);
      }
      long opaque = alpha[i % w];
      long sum = (color[i] & 0xFFFF) * opaque + 65_535 * (65_535 - opaque);
      color[i] = (short) ((sum + 32_767) / 65_535);
    }
  }

  /** Colours of 8 bits as they are stored, whatever colour profile there is. */
  private static ColorProcessor rgb(BufferedImage picture) {
    int w = picture.getWidth();
    int h = picture.getHeight();
    int[] pixels = new int[w * h];
    Raster raster = picture.getRaster();
    if (raster.getNumBands() == 3 && raster.getSampleModel().getSampleSize(0) == 8) {
      int[] row = new int[3 * w];
      for (int y = 0; y < h; y++) {
        raster.getPixels(raster.getMinX(), raster.getMinY() + y, w, 1, row);
        for (int x = 0; x < w; x++) {
          pixels[y * w + x] = row[3 * x] << 16 | row[3 * x + 1] << 8 | row[3 * x + 2];
        }
      }
    } else {
      picture.getRGB(0, 0, w, h, pixels, 0, w);
      for (int i = 0; i < pixels.length; i++) pixels[i] = Palettes.onWhite(pixels[i]);
    }
    return new ColorProcessor(w, h, pixels);
  }
}
