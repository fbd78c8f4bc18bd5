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

  /**
   * The labels of a label image: programs that write GIF number the greys that occur anew, from the
   * darkest on.
   *
   * @param numbers that are stored
   * @return greys if all entries that occur are grey, each lighter than those before; else numbers
   */
  static byte[] risingGreys(byte[] numbers, int[] palette) {
    boolean[] occurs = new boolean[256];
    for (byte number : numbers) occurs[number & 0xFF] = true;
    int last = -1;
    for (int i = 0; i < palette.length; i++) {
      if (!occurs[i]) continue;
      int grey = palette[i] & 0xFF;
      if (!isGrey(palette[i]) || grey <= last) return numbers;
      last = grey;
    }
    byte[] greys = new byte[numbers.length];
    for (int i = 0; i < greys.length; i++) greys[i] = (byte) palette[numbers[i] & 0xFF];
    return greys;
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
