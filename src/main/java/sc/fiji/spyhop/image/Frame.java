package sc.fiji.spyhop.image;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import sc.fiji.spyhop.util.Strings;

/**
 * One image as a network sees it: a single slice and time point with its channels.
 *
 * @param name for messages and file names
 * @param pixels columns, rows, channels (three dimensions), of any real type; may be lazy. A view
 *     whose minimum is not 0, such as a part of an image, is moved so that it is
 * @param pixelSize physical size
 * @param measured pixels, row by row, over which intensities are normalized; absent for all
 */
public record Frame(
    String name,
    RandomAccessibleInterval<? extends RealType<?>> pixels,
    PixelSize pixelSize,
    Optional<BitSet> measured) {

  public Frame {
    if (pixels.numDimensions() != 3) {
      throw new IllegalArgumentException(
          name
              + ": expected columns, rows and channels, received "
              + pixels.numDimensions()
              + " dimensions");
    }
    if (!Views.isZeroMin(pixels)) pixels = Views.zeroMin(pixels);
  }

  /** All of whose pixels are measured. */
  public Frame(
      String name, RandomAccessibleInterval<? extends RealType<?>> pixels, PixelSize pixelSize) {
    this(name, pixels, pixelSize, Optional.empty());
  }

  /**
   * The same, normalized over some of its pixels; over all if they are none.
   *
   * @param some bits of pixels, row by row
   */
  public Frame measuredOver(BitSet some) {
    Optional<BitSet> measured = Optional.of(some).filter(s -> !s.isEmpty());
    return new Frame(name, pixels, pixelSize, measured);
  }

  /** The same with other channels. */
  Frame showing(RandomAccessibleInterval<? extends RealType<?>> channels) {
    return new Frame(name, channels, pixelSize, measured);
  }

  /**
   * A rectangle of it; pixels are not copied.
   *
   * @param x first column
   * @param y first row
   * @param width columns, at least 1
   * @param height rows, at least 1
   */
  public Frame crop(int x, int y, int width, int height) {
    if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > width() || y + height > height()) {
      throw new IllegalArgumentException(
          Strings.format(
              "%s: no rectangle of %d x %d pixels at (%d, %d) in %d x %d",
              name, width, height, x, y, width(), height()));
    }
    return new Frame(
        name,
        Views.zeroMin(
            Views.interval(
                pixels,
                new long[] {x, y, 0},
                new long[] {x + width - 1, y + height - 1, channels() - 1})),
        pixelSize);
  }

  /**
   * The same with all that it shows moved; pixels at the edge are repeated, none are copied.
   *
   * @param dx columns to the right
   * @param dy rows down
   */
  public Frame shifted(int dx, int dy) {
    return new Frame(
        name,
        Views.interval(Views.translate(Views.extendBorder(pixels), dx, dy, 0), pixels),
        pixelSize);
  }

  /** All channels below each other, as one; pixels are not copied. */
  Frame stacked() {
    return new Frame(name, stacked(pixels), pixelSize, measured.map(this::repeated));
  }

  private BitSet repeated(BitSet plane) {
    BitSet all = new BitSet();
    int size = width() * height();
    for (int c = 0; c < channels(); c++) {
      int first = c * size;
      plane.stream().forEach(i -> all.set(first + i));
    }
    return all;
  }

  @SuppressWarnings("unchecked")
  private static <T extends RealType<T>> RandomAccessibleInterval<T> stacked(
      RandomAccessibleInterval<? extends RealType<?>> pixels) {
    RandomAccessibleInterval<T> typed = (RandomAccessibleInterval<T>) pixels;
    List<RandomAccessibleInterval<T>> channels = new ArrayList<>();
    for (long c = 0; c < typed.dimension(2); c++) channels.add(Views.hyperSlice(typed, 2, c));
    return Views.addDimension(Views.concatenate(1, channels), 0, 0);
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
