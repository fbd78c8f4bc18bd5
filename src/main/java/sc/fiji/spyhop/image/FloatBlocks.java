package sc.fiji.spyhop.image;

import net.imglib2.RandomAccessible;
import net.imglib2.blocks.PrimitiveBlocks;
import net.imglib2.converter.Converters;
import net.imglib2.converter.RealFloatConverter;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Copies blocks of a frame, of whatever type, to float arrays: channel by channel, row by row. Not
 * thread-safe.
 */
final class FloatBlocks {

  private final Frame frame;
  private final PrimitiveBlocks<FloatType> blocks;

  FloatBlocks(Frame frame) {
    if (frame.width() < 1 || frame.height() < 1 || frame.channels() < 1) {
      throw new SpyhopException(
          Strings.format(
              "%s is empty: expected at least one pixel, received %d x %d pixels in %d channels.",
              frame.name(), frame.width(), frame.height(), frame.channels()));
    }
    this.frame = frame;
    this.blocks = PrimitiveBlocks.of(asFloats(frame.pixels()), PrimitiveBlocks.OnFallback.ACCEPT);
  }

  @SuppressWarnings("unchecked")
  private static <R extends RealType<R>> RandomAccessible<FloatType> asFloats(
      RandomAccessible<? extends RealType<?>> pixels) {
    RandomAccessible<R> typed = (RandomAccessible<R>) pixels;
    if (typed.getType() instanceof FloatType) return (RandomAccessible<FloatType>) pixels;
    return Converters.convert(typed, new RealFloatConverter<>(), new FloatType());
  }

  /** A block of one channel inside the frame, into the beginning of an array. */
  void read(int x, int y, int channel, int width, int height, float[] into) {
    blocks.copy(new long[] {x, y, channel}, into, new int[] {width, height, 1});
  }

  /** All of the frame. */
  void readAll(float[] into) {
    blocks.copy(
        new long[] {0, 0, 0}, into, new int[] {frame.width(), frame.height(), frame.channels()});
  }

  /**
   * A block of all channels, mirrored where it reaches beyond the frame: the edge pixel is not
   * repeated, and a frame smaller than the block is mirrored again and again.
   *
   * @throws SpyhopException if the block has more values than an array can hold
   */
  float[] readMirrored(long x, long y, int width, int height) {
    int channels = frame.channels();
    long length = (long) width * height * channels;
    if (length > Integer.MAX_VALUE - 8) {
      throw new SpyhopException(
          Strings.format(
              "%s: a tile of %d x %d pixels in %d channels is too large; choose a smaller tile size.",
              frame.name(), width, height, channels));
    }
    float[] block = new float[(int) length];
    boolean inside = x >= 0 && y >= 0 && x + width <= frame.width() && y + height <= frame.height();
    if (inside) {
      blocks.copy(new long[] {x, y, 0}, block, new int[] {width, height, channels});
      return block;
    }
    Mirror columns = Mirror.of(x, width, frame.width());
    Mirror rows = Mirror.of(y, height, frame.height());
    float[] source =
        new float[Math.multiplyExact(Math.multiplyExact(columns.size, rows.size), channels)];
    blocks.copy(
        new long[] {columns.first, rows.first, 0},
        source,
        new int[] {columns.size, rows.size, channels});
    int at = 0;
    for (int c = 0; c < channels; c++) {
      for (int j = 0; j < height; j++) {
        int row = (c * rows.size + rows.index[j]) * columns.size;
        for (int i = 0; i < width; i++) block[at++] = source[row + columns.index[i]];
      }
    }
    return block;
  }

  /**
   * Where the pixels of a mirrored line come from.
   *
   * @param first pixel of the frame that is needed
   * @param size how many are needed from there
   * @param index for each pixel of the line, its source after {@code first}
   */
  private record Mirror(int first, int size, int[] index) {

    static Mirror of(long start, int length, int available) {
      int[] index = new int[length];
      int min = Integer.MAX_VALUE;
      int max = 0;
      for (int i = 0; i < length; i++) {
        index[i] = reflect(start + i, available);
        min = Math.min(min, index[i]);
        max = Math.max(max, index[i]);
      }
      for (int i = 0; i < length; i++) index[i] -= min;
      return new Mirror(min, max - min + 1, index);
    }

    private static int reflect(long position, int size) {
      if (size == 1) return 0;
      long period = 2L * (size - 1);
      long phase = Math.floorMod(position, period);
      return (int) (phase < size ? phase : period - phase);
    }
  }
}
