package sc.fiji.spyhop.ij;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.awt.image.IndexColorModel;

/**
 * What the numbers of an image with a palette mean, by one rule for GIF, BMP, PNG and TIFF: if all
 * entries that occur are grey they mean these greys, else they mean colours.
 */
final class Palettes {

  private Palettes() {}

  /**
   * Greys or colours by a palette.
   *
   * @param indices columns, rows; what lies behind the end of the palette is black
   */
  static ImageProcessor show(ByteProcessor indices, IndexColorModel palette) {
    byte[] pixels = (byte[]) indices.getPixels();
    int[] rgb = new int[256];
    for (int i = 0; i < Math.min(256, palette.getMapSize()); i++)
      rgb[i] = onWhite(palette.getRGB(i));
    boolean[] occurs = new boolean[256];
    for (byte pixel : pixels) occurs[pixel & 0xFF] = true;
    boolean grey = true;
    for (int i = 0; i < 256; i++) grey &= !occurs[i] || isGrey(rgb[i]);
    int w = indices.getWidth();
    int h = indices.getHeight();
    if (grey) {
      byte[] values = new byte[pixels.length];
      for (int i = 0; i < pixels.length; i++) values[i] = (byte) rgb[pixels[i] & 0xFF];
      return new ByteProcessor(w, h, values, null);
    }
    int[] colors = new int[pixels.length];
    for (int i = 0; i < pixels.length; i++) colors[i] = rgb[pixels[i] & 0xFF];
    return new ColorProcessor(w, h, colors);
  }

  /** Whether red, green and blue are equal. */
  static boolean isGrey(int rgb) {
    int blue = rgb & 0xFF;
    return (rgb >> 8 & 0xFF) == blue && (rgb >> 16 & 0xFF) == blue;
  }

  /** A colour blended with white as far as it is transparent, as ImageJ does. */
  static int onWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) return argb;
    int blended = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int value = argb >> shift & 0xFF;
      blended = blended << 8 | (value * alpha + 255 * (255 - alpha) + 127) / 255;
    }
    return blended;
  }
}
