package sc.fiji.spyhop.ij;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import sc.fiji.spyhop.util.Strings;

/**
 * What the numbers of an image with a palette mean, by one rule for GIF, BMP, PNG and TIFF: if all
 * entries that occur are grey they mean these greys, else they mean colours.
 */
final class Palettes {

  private Palettes() {}

  /**
   * Greys or colours by a palette.
   *
   * @param indices columns, rows
   * @throws IOException if one lies behind the end of the palette
   */
  static ImageProcessor show(ByteProcessor indices, IndexColorModel palette) throws IOException {
    byte[] pixels = (byte[]) indices.getPixels();
    requireEntries(pixels, palette.getMapSize(), -1);
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
    for (int i = 0; i < occurs.length; i++) {
      if (!occurs[i]) continue;
      if (i >= palette.length) return numbers;
      int grey = palette[i] & 0xFF;
      if (!isGrey(palette[i]) || grey <= last) return numbers;
      last = grey;
    }
    byte[] greys = new byte[numbers.length];
    for (int i = 0; i < greys.length; i++) greys[i] = (byte) palette[numbers[i] & 0xFF];
    return greys;
  }

  /**
   * Refuses numbers that mean nothing.
   *
   * @param size entries of the palette
   * @param transparent a number that needs no entry; -1 if there is none
   * @throws IOException if a number lies behind the end of the palette
   */
  static void requireEntries(byte[] numbers, int size, int transparent) throws IOException {
    for (byte number : numbers) {
      int index = number & 0xFF;
      if (index < size || index == transparent) continue;
      throw new IOException(
          Strings.format("a pixel has entry %d of its palette, which ends at %d", index, size - 1));
    }
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
