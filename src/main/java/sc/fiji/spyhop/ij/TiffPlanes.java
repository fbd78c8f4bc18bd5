package sc.fiji.spyhop.ij;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.image.tiff.TiffFile;
import sc.fiji.spyhop.image.tiff.TiffPage;
import sc.fiji.spyhop.image.tiff.TiffPixels;
import sc.fiji.spyhop.image.tiff.UnsupportedTiffException;

/**
 * The planes that ImageJ is shown of a TIFF, in its order: channels, slices, time points. Three
 * samples of 8 bits that are red, green and blue are one plane of colours, other samples are
 * channels; transparency is left out.
 */
final class TiffPlanes {

  private final TiffFile tiff;
  private final List<TiffPage> pages;
  private final TiffAxes axes;
  private final boolean indices;
  private final List<Integer> samples;
  private final boolean colors;

  /**
   * @param indices whether the numbers of a palette are wanted, not what they mean
   */
  TiffPlanes(TiffFile tiff, List<TiffPage> pages, TiffAxes axes, boolean indices) {
    this.tiff = tiff;
    this.pages = pages;
    this.axes = axes;
    this.indices = indices;
    TiffPage first = pages.get(0);
    int photometric = first.photometric();
    int base = photometric == TiffPage.RGB || photometric == TiffPage.YCBCR ? 3 : 1;
    this.samples = new ArrayList<>();
    long[] extra = first.extraSamples();
    for (int s = 0; s < first.samples(); s++) {
      boolean alpha = s >= base && s - base < extra.length && extra[s - base] != 0;
      if (!alpha) samples.add(s);
    }
    this.colors =
        base == 3
            && samples.size() == 3
            && first.bits() == 8
            && TiffPixels.bytesPerSample(first) == 1;
  }

  int width() {
    return (int) pages.get(0).width();
  }

  int height() {
    return (int) pages.get(0).height();
  }

  /** Planes of the image. */
  int count() {
    return Math.multiplyExact(axes.pages().size(), perPage());
  }

  /** Planes made of each page. */
  int perPage() {
    return colors ? 1 : samples.size();
  }

  /** Bytes of a plane in memory. */
  long bytes() {
    long size = (long) width() * height();
    return size * (colors ? 4 : TiffPixels.bytesPerSample(pages.get(0)));
  }

  /** Bits of ImageJ's kind of plane: 8, 16, 24 or 32. */
  int bitDepth() {
    boolean palette = pages.get(0).photometric() == TiffPage.PALETTE;
    return colors || palette && !isIndices() ? 24 : 8 * TiffPixels.bytesPerSample(pages.get(0));
  }

  /** Reads all planes of the page that a plane, from 0, is of. */
  List<ImageProcessor> page(int plane) throws IOException {
    TiffPage page = pages.get(axes.pages().get(plane / perPage()));
    List<Object> read = TiffPixels.read(tiff, page);
    if (colors) return List.of(colors(read));
    List<ImageProcessor> planes = new ArrayList<>();
    for (int s : samples) planes.add(processor(page, read.get(s)));
    return planes;
  }

  private ImageProcessor colors(List<Object> read) {
    byte[] red = (byte[]) read.get(0);
    byte[] green = (byte[]) read.get(1);
    byte[] blue = (byte[]) read.get(2);
    int[] rgb = new int[red.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (red[i] & 0xFF) << 16 | (green[i] & 0xFF) << 8 | blue[i] & 0xFF;
    }
    return new ColorProcessor(width(), height(), rgb);
  }

  private ImageProcessor processor(TiffPage page, Object pixels) throws IOException {
    if (pixels instanceof short[] shorts) {
      return new ShortProcessor(width(), height(), shorts, null);
    }
    if (pixels instanceof float[] floats) {
      for (float value : floats) {
        if (Float.isInfinite(value) && page.bits() == 64) {
          throw new UnsupportedTiffException(
              "it has values beyond 3.4e38, the largest of 32-bit numbers");
        }
      }
      return new FloatProcessor(width(), height(), floats, null);
    }
    ByteProcessor bytes = new ByteProcessor(width(), height(), (byte[]) pixels, null);
    if (page.photometric() != TiffPage.PALETTE) return bytes;
    IndexColorModel palette = palette(page);
    if (!isIndices()) {
      ImageProcessor shown = Palettes.show(bytes, palette);
      return pages.size() > 1 ? shown.convertToRGB() : shown;
    }
    if (!indices) bytes.setColorModel(palette);
    return bytes;
  }

  private boolean isIndices() {
    return indices || TiffAxes.isImageJ(pages.get(0).description());
  }

  private static IndexColorModel palette(TiffPage page) {
    int[] all = page.palette();
    int n = 1 << page.bits();
    int entries = all.length / 3;
    byte[][] rgb = new byte[3][n];
    // Some programs forget that entries have 16 bits.
    int shift = 0;
    for (int value : all) if (value > 255) shift = 8;
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < n; i++) rgb[c][i] = (byte) (all[c * entries + i] >> shift);
    }
    return new IndexColorModel(8, n, rgb[0], rgb[1], rgb[2]);
  }
}
