package sc.fiji.spyhop.image;

import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.BooleanType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.ByteType;
import net.imglib2.type.numeric.integer.IntType;
import net.imglib2.type.numeric.integer.LongType;
import net.imglib2.type.numeric.integer.ShortType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedIntType;
import net.imglib2.type.numeric.integer.UnsignedLongType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Images from and to NumPy's files ({@code .npy}). NumPy names the slowest axis first, ImgLib2 the
 * fastest: an array of rows and columns (HW) is an image of columns and rows.
 */
public final class NumpyImages {

  /** What the axes of an array mean, slowest first. */
  public enum Layout {
    /** Rows and columns. */
    HW,
    /** Rows, columns and channels, as scikit-image and Pillow have colours. */
    HWC,
    /** Channels, rows and columns, as PyTorch has them. */
    CHW,
    /** Slices, rows and columns, as tifffile has stacks. */
    DHW;

    private int axis(char letter) {
      return name().indexOf(letter);
    }

    /** Columns, rows, and channels or slices if there are such. */
    public long[] size(NumpyArray array) {
      int[] shape = array.shape();
      int columns = axis('W');
      int rows = axis('H');
      return shape.length == 2
          ? new long[] {shape[columns], shape[rows]}
          : new long[] {shape[columns], shape[rows], shape[3 - columns - rows]};
    }
  }

  /** Most channels that are taken for such where nobody says what axes mean. */
  private static final int MAX_CHANNELS = 4;

  private NumpyImages() {}

  /**
   * What the axes of an array most likely mean: two are rows and columns; of three, the last is
   * channels if there are at most 4, else the first if there are, else the first is slices.
   *
   * @throws SpyhopException if there are others
   */
  public static Layout layout(Path file, NumpyArray array) {
    int[] shape = array.shape();
    if (shape.length == 2) return Layout.HW;
    if (shape.length == 3) {
      if (shape[2] <= MAX_CHANNELS) return Layout.HWC;
      return shape[0] <= MAX_CHANNELS ? Layout.CHW : Layout.DHW;
    }
    throw new SpyhopException(
        Strings.format(
            "%s: expected an array of rows and columns, perhaps with channels or slices as a third"
                + " axis, received %s. Save it in parts, each by numpy.save.",
            file, array));
  }

  /**
   * Reads an image.
   *
   * @param layout what the axes of the array mean
   * @return columns and rows, and channels or slices if there are such, of the type of the file;
   *     Booleans as bytes of 0 and 1, half floats as floats
   * @throws SpyhopException as {@link NumpyFile#read}, or if the array has other dimensions
   */
  public static Img<? extends RealType<?>> read(Path file, Layout layout) {
    return image(file, NumpyFile.read(file), layout);
  }

  /** The same, of axes that most likely are meant; see {@link #layout}. */
  public static Img<? extends RealType<?>> read(Path file) {
    NumpyArray array = NumpyFile.read(file);
    return image(file, array, layout(file, array));
  }

  /** As {@link #read}, of an array that has been read already. */
  public static Img<? extends RealType<?>> image(Path file, NumpyArray array, Layout layout) {
    if (array.shape().length != layout.name().length()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an array of %d dimensions (%s), received %s.",
              file, layout.name().length(), layout, array));
    }
    long[] size = layout.size(array);
    if (layout != Layout.HWC) return wrapped(array.type(), array.values(), size);
    int channels = (int) size[2];
    int plane = (int) (size[0] * size[1]);
    return wrapped(
        array.type(), reordered(array.values(), i -> i % plane * channels + i / plane), size);
  }

  /** An array whose i-th value is that at another place. */
  private static Object reordered(Object values, IntUnaryOperator from) {
    int length = java.lang.reflect.Array.getLength(values);
    Object ordered =
        java.lang.reflect.Array.newInstance(values.getClass().getComponentType(), length);
    for (int i = 0; i < length; i++) System.arraycopy(values, from.applyAsInt(i), ordered, i, 1);
    return ordered;
  }

  private static Img<? extends RealType<?>> wrapped(
      NumpyArray.Type type, Object values, long[] size) {
    return switch (type) {
      case BOOL, UINT8 -> ArrayImgs.unsignedBytes((byte[]) values, size);
      case INT8 -> ArrayImgs.bytes((byte[]) values, size);
      case INT16 -> ArrayImgs.shorts((short[]) values, size);
      case UINT16 -> ArrayImgs.unsignedShorts((short[]) values, size);
      case INT32 -> ArrayImgs.ints((int[]) values, size);
      case UINT32 -> ArrayImgs.unsignedInts((int[]) values, size);
      case INT64 -> ArrayImgs.longs((long[]) values, size);
      case UINT64 -> ArrayImgs.unsignedLongs((long[]) values, size);
      case FLOAT16, FLOAT32 -> ArrayImgs.floats((float[]) values, size);
      case FLOAT64 -> ArrayImgs.doubles((double[]) values, size);
    };
  }

  /**
   * Writes an image, its axes the other way round: columns and rows become HW, columns, rows and
   * channels CHW. A view is written from its first pixel on; NumPy knows of no minimum.
   *
   * @param image of any dimensions and real type; types that NumPy has not become float64
   * @throws SpyhopException if it cannot be written, or has more pixels than fit into an array
   */
  public static void write(RandomAccessibleInterval<? extends RealType<?>> image, Path file) {
    int n = image.numDimensions();
    int[] shape = new int[n];
    long length = 1;
    for (int d = 0; d < n; d++) {
      shape[n - 1 - d] = (int) Math.min(Integer.MAX_VALUE, image.dimension(d));
      length *= image.dimension(d);
      if (length > Integer.MAX_VALUE - 8) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected an image of at most %d pixels. Write it in parts.",
                file, Integer.MAX_VALUE - 8));
      }
    }
    RealType<?> type = image.getType();
    Cursor<? extends RealType<?>> pixels = Views.flatIterable(image).cursor();
    NumpyArray.Type as = type(type);
    Object values =
        switch (as) {
          case BOOL, INT8, UINT8 -> {
            byte[] v = new byte[(int) length];
            for (int i = 0; i < v.length; i++) v[i] = (byte) integer(pixels.next());
            yield v;
          }
          case INT16, UINT16 -> {
            short[] v = new short[(int) length];
            for (int i = 0; i < v.length; i++) v[i] = (short) integer(pixels.next());
            yield v;
          }
          case INT32, UINT32 -> {
            int[] v = new int[(int) length];
            for (int i = 0; i < v.length; i++) v[i] = (int) integer(pixels.next());
            yield v;
          }
          case INT64, UINT64 -> {
            long[] v = new long[(int) length];
            for (int i = 0; i < v.length; i++) v[i] = integer(pixels.next());
            yield v;
          }
          case FLOAT16, FLOAT32 -> {
            float[] v = new float[(int) length];
            for (int i = 0; i < v.length; i++) v[i] = pixels.next().getRealFloat();
            yield v;
          }
          case FLOAT64 -> {
            double[] v = new double[(int) length];
            for (int i = 0; i < v.length; i++) v[i] = pixels.next().getRealDouble();
            yield v;
          }
        };
    NumpyFile.write(new NumpyArray(as, shape, values), file);
  }

  private static long integer(RealType<?> pixel) {
    return ((IntegerType<?>) pixel).getIntegerLong();
  }

  private static NumpyArray.Type type(RealType<?> type) {
    if (type instanceof BooleanType) return NumpyArray.Type.BOOL;
    if (type instanceof UnsignedByteType) return NumpyArray.Type.UINT8;
    if (type instanceof ByteType) return NumpyArray.Type.INT8;
    if (type instanceof UnsignedShortType) return NumpyArray.Type.UINT16;
    if (type instanceof ShortType) return NumpyArray.Type.INT16;
    if (type instanceof UnsignedIntType) return NumpyArray.Type.UINT32;
    if (type instanceof IntType) return NumpyArray.Type.INT32;
    if (type instanceof UnsignedLongType) return NumpyArray.Type.UINT64;
    if (type instanceof LongType) return NumpyArray.Type.INT64;
    return type instanceof FloatType ? NumpyArray.Type.FLOAT32 : NumpyArray.Type.FLOAT64;
  }
}
