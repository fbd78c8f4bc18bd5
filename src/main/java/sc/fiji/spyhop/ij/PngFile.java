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
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import sc.fiji.spyhop.SpyhopException;

/**
 * PNG as stored: ImageJ's own reader goes through the screen's colours for grey with alpha and for
 * palettes, which changes values.
 */
final class PngFile {

  private PngFile() {}

  /**
   * Grey as 8 or 16 bits, colours as RGB or a composite of 16-bit channels. A palette of greys
   * gives grey, one that gets brighter from entry to entry is a lookup table, and any other gives
   * RGB. What is transparent is blended with white, as in ImageJ; the transparency of grey is
   * ignored.
   */
  static ImagePlus open(Path file) {
    BufferedImage png = read(file);
    if (png.getColorModel() instanceof IndexColorModel palette) return open(png, palette);
    int bands = png.getRaster().getNumBands();
    if (bands <= 2) return new ImagePlus("", band(png.getRaster(), 0));
    if (png.getRaster().getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE
        || png.getRaster().getDataBuffer().getDataType() == DataBuffer.TYPE_INT) {
      return new ImagePlus("", rgb(png));
    }
    ImageStack stack = new ImageStack(png.getWidth(), png.getHeight());
    String[] names = {"Red", "Green", "Blue"};
    for (int c = 0; c < 3; c++) stack.addSlice(names[c], band(png.getRaster(), c));
    ImagePlus image = new ImagePlus("", stack);
    image.setDimensions(3, 1, 1);
    return new CompositeImage(image, CompositeImage.COMPOSITE);
  }

  /** Grey values or palette indices. */
  static ImagePlus openIndices(Path file) {
    BufferedImage png = read(file);
    boolean palette = png.getColorModel() instanceof IndexColorModel;
    return palette ? new ImagePlus("", band(png.getRaster(), 0)) : open(file);
  }

  private static BufferedImage read(Path file) {
    try {
      BufferedImage png = ImageIO.read(file.toFile());
      if (png != null) return png;
      throw new SpyhopException(file + " is not a PNG image, though it begins like one.");
    } catch (IOException | RuntimeException e) {
      if (e instanceof SpyhopException problem) throw problem;
      throw new SpyhopException(file + " is damaged or cut short. Copy it again.", e);
    }
  }

  private static ImagePlus open(BufferedImage png, IndexColorModel palette) {
    int n = palette.getMapSize();
    boolean grey = true;
    boolean brighter = true;
    double last = -1;
    for (int i = 0; i < n; i++) {
      int r = palette.getRed(i);
      int g = palette.getGreen(i);
      int b = palette.getBlue(i);
      grey &= r == g && g == b;
      double luminance = 0.299 * r + 0.587 * g + 0.114 * b;
      brighter &= luminance >= last;
      last = luminance;
    }
    if (!grey && !brighter) return new ImagePlus("", rgb(png));
    ImageProcessor indices = band(png.getRaster(), 0);
    if (!grey) {
      indices.setColorModel(palette);
      return new ImagePlus("", indices);
    }
    byte[] values = (byte[]) indices.getPixels();
    for (int i = 0; i < values.length; i++) values[i] = (byte) palette.getRed(values[i] & 0xFF);
    return new ImagePlus("", indices);
  }

  private static ImageProcessor band(Raster raster, int band) {
    int w = raster.getWidth();
    int h = raster.getHeight();
    boolean bytes = raster.getSampleModel().getSampleSize(band) <= 8;
    byte[] b = new byte[bytes ? w * h : 0];
    short[] s = new short[bytes ? 0 : w * h];
    int[] row = new int[w];
    for (int y = 0; y < h; y++) {
      raster.getSamples(0, y, w, 1, band, row);
      for (int x = 0; x < w; x++) {
        if (bytes) b[y * w + x] = (byte) row[x];
        else s[y * w + x] = (short) row[x];
      }
    }
    return bytes ? new ByteProcessor(w, h, b, null) : new ShortProcessor(w, h, s, null);
  }

  private static ColorProcessor rgb(BufferedImage png) {
    int w = png.getWidth();
    int h = png.getHeight();
    int[] pixels = png.getRGB(0, 0, w, h, null, 0, w);
    for (int i = 0; i < pixels.length; i++) {
      int alpha = pixels[i] >>> 24;
      if (alpha == 255) continue;
      int blended = 0;
      for (int shift = 16; shift >= 0; shift -= 8) {
        int value = pixels[i] >> shift & 0xFF;
        blended = blended << 8 | (value * alpha + 255 * (255 - alpha) + 127) / 255;
      }
      pixels[i] = blended;
    }
    return new ColorProcessor(w, h, pixels);
  }
}
