package sc.fiji.spyhop.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.img.planar.PlanarImg;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Fraction;
import net.imglib2.view.Views;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * One image as a network sees it: a single slice and time point with its channels. Pixels are not
 * copied.
 *
 * <pre>
 * Frame.of(image);
 * Frame.of(image).withName("cells").withPixelSize(new PixelSize(0.5, 0.5, "µm"));
 * </pre>
 *
 * @param name for messages and file names
 * @param pixels columns, rows, channels (three dimensions), of any real type; may be lazy. The
 *     first one is (0, 0, 0): a view whose minimum is another is moved, and its minimum kept in
 *     {@code origin}
 * @param pixelSize physical size
 * @param measured pixels, row by row, over which intensities are normalized; absent for all
 * @param origin where the first pixel lies in the image that this one is a view of; what is
 *     predicted of the frame has the coordinates of that image
 */
public record Frame(
    String name,
    RandomAccessibleInterval<? extends RealType<?>> pixels,
    PixelSize pixelSize,
    Optional<BitSet> measured,
    Origin origin) {

  /** Furthest that a view may lie from (0, 0), pixels. */
  private static final long FURTHEST = 1 << 30;

  /**
   * A column and a row.
   *
   * @param x column, at most 2^30 from 0 for a view
   * @param y row, the same
   */
  public record Origin(int x, int y) {

    /** That of a whole image. */
    public static final Origin ZERO = new Origin(0, 0);

    private Origin plus(long dx, long dy) {
      if (Math.abs(dx) > FURTHEST || Math.abs(dy) > FURTHEST) {
        throw new SpyhopException(
            Strings.format(
                "Image: expected a view that begins at most %d pixels from (0, 0), received one that"
                    + " begins at (%d, %d). Translate it.",
                FURTHEST, dx, dy));
      }
      return dx == 0 && dy == 0 ? this : new Origin((int) (x + dx), (int) (y + dy));
    }
  }

  /**
   * Moves a view to (0, 0) and keeps in {@link #origin} where it was.
   *
   * @throws IllegalArgumentException if there are not three dimensions
   */
  public Frame {
    if (pixels.numDimensions() != 3) {
      throw new IllegalArgumentException(
          name
              + ": expected columns, rows and channels, received "
              + pixels.numDimensions()
              + " dimensions");
    }
    if (!Views.isZeroMin(pixels)) {
      origin = origin.plus(pixels.min(0), pixels.min(1));
      pixels = Views.zeroMin(pixels);
    }
  }

  /** All of whose pixels are measured. */
  public Frame(
      String name, RandomAccessibleInterval<? extends RealType<?>> pixels, PixelSize pixelSize) {
    this(name, pixels, pixelSize, Optional.empty(), Origin.ZERO);
  }

  /**
   * An image that is called "image" and is not calibrated.
   *
   * @param image columns and rows, or columns, rows and channels, of any real type; may be lazy,
   *     and a view
   * @throws SpyhopException if it has other dimensions, or lies further than 2^30 pixels from (0,
   *     0)
   */
  public static Frame of(RandomAccessibleInterval<? extends RealType<?>> image) {
    int dimensions = image.numDimensions();
    if (dimensions != 2 && dimensions != 3) {
      throw new SpyhopException(
          Strings.format(
              "Image: expected columns and rows, or columns, rows and channels, received %d"
                  + " dimensions. Take a slice of it, such as Views.hyperSlice(image, 2, z).",
              dimensions));
    }
    return new Frame(
        "image", dimensions == 3 ? image : Views.addDimension(image, 0, 0), PixelSize.UNCALIBRATED);
  }

  /**
   * An image of 32 bits, called "image" and not calibrated, without copying.
   *
   * @param planes values of each channel, row by row
   * @param width columns
   * @param height rows
   */
  public static Frame ofPlanes(List<float[]> planes, int width, int height) {
    List<FloatArray> arrays = planes.stream().map(FloatArray::new).toList();
    PlanarImg<FloatType, FloatArray> image =
        new PlanarImg<>(arrays, new long[] {width, height, planes.size()}, new Fraction());
    image.setLinkedType(new FloatType(image));
    return of(image);
  }

  /**
   * The images of an array, called "image 1" and so on.
   *
   * @param images NCHW, pixel values as they are, copied
   * @throws SpyhopException if its axes are others
   */
  public static List<Frame> ofEach(Tensor images) {
    images.require(Axes.NCHW);
    int[] plane = {images.size('C'), images.size('H'), images.size('W')};
    int length = Math.toIntExact(Tensor.length(plane));
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < images.size('N'); i++) {
      float[] data = Arrays.copyOfRange(images.data(), i * length, (i + 1) * length);
      frames.add(
          of(ArrayImgs.floats(data, plane[2], plane[1], plane[0])).withName("image " + (i + 1)));
    }
    return frames;
  }

  /**
   * An image in colour, of the channels red, green and blue; else as {@link #of}.
   *
   * @param image columns and rows
   */
  public static Frame ofColors(RandomAccessibleInterval<ARGBType> image) {
    return of(Converters.argbChannels(image, 1, 2, 3));
  }

  /** The same by another name. */
  public Frame withName(String other) {
    return new Frame(other, pixels, pixelSize, measured, origin);
  }

  /** The same, otherwise calibrated. */
  public Frame withPixelSize(PixelSize size) {
    return new Frame(name, pixels, size, measured, origin);
  }

  /**
   * The same, normalized over some of its pixels; over all if they are none.
   *
   * @param some bits of pixels, row by row
   */
  public Frame measuredOver(BitSet some) {
    Optional<BitSet> measured = Optional.of(some).filter(s -> !s.isEmpty());
    return new Frame(name, pixels, pixelSize, measured, origin);
  }

  /** The same as an image of its own, which begins at (0, 0). */
  public Frame placedAtZero() {
    return new Frame(name, pixels, pixelSize, measured, Origin.ZERO);
  }

  /** The same with other channels. */
  Frame showing(RandomAccessibleInterval<? extends RealType<?>> channels) {
    return new Frame(name, channels, pixelSize, measured, origin);
  }

  /**
   * A rectangle of it as an image of its own, which begins at (0, 0).
   *
   * @param x first column, from 0
   * @param y first row, from 0
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
    return new Frame(name, stacked(pixels), pixelSize, measured.map(this::repeated), origin);
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

  /**
   * All values, channel by channel, row by row.
   *
   * @throws SpyhopException if it is empty
   * @throws ArithmeticException if they are more than 2^31 - 1
   */
  public float[] values() {
    int plane = Math.multiplyExact(width(), height());
    float[] values = new float[Math.multiplyExact(plane, channels())];
    new FloatBlocks(this).readAll(values);
    return values;
  }

  /** Columns. */
  public int width() {
    return Math.toIntExact(pixels.dimension(0));
  }

  /** Rows. */
  public int height() {
    return Math.toIntExact(pixels.dimension(1));
  }

  /** Channels, at least 1 unless the image is empty. */
  public int channels() {
    return Math.toIntExact(pixels.dimension(2));
  }
}
