package sc.fiji.spyhop.image;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * One image as a network sees it: a single slice and time point with its channels.
 *
 * @param name for messages and file names
 * @param pixels columns, rows, channels (three dimensions, minimum 0), of any real type; may be
 *     lazy
 * @param pixelSize physical size
 */
public record Frame(
    String name, RandomAccessibleInterval<? extends RealType<?>> pixels, PixelSize pixelSize) {

  public Frame {
    if (pixels.numDimensions() != 3) {
      throw new IllegalArgumentException(
          name
              + ": expected columns, rows and channels, received "
              + pixels.numDimensions()
              + " dimensions");
    }
  }

  public int width() {
    return Math.toIntExact(pixels.dimension(0));
  }

  public int height() {
    return Math.toIntExact(pixels.dimension(1));
  }

  public int channels() {
    return Math.toIntExact(pixels.dimension(2));
  }
}
