package sc.fiji.spyhop.network;

import java.util.OptionalInt;

/**
 * Windows that a layer moves over its input, along one dimension: window {@code i} begins at {@code
 * i * stride - before}.
 *
 * @param extent from the first to the last value that a window, dilated or not, looks at
 * @param stride from one window to the next
 * @param same whether as much is padded as {@link Padding#SAME} asks for
 * @param before other padding in front of the first value
 * @param after other padding behind the last value
 * @param ceil whether a last window may reach beyond the padding
 */
public record Windows(long extent, int stride, boolean same, int before, int after, boolean ceil)
    implements Reach {

  /**
   * Windows over a map of some size.
   *
   * @param count number of windows; below 1 if not even one fits
   * @param before padding in front of the first value
   * @param beyond how far the last window looks beyond the last value, whatever the padding behind
   *     it; below 0 if it ends before
   */
  public record Placed(int count, int before, int beyond) {}

  static Windows of(Padding padding, int dimension, long extent, int stride, boolean ceil) {
    return new Windows(
        extent,
        stride,
        padding == Padding.SAME,
        padding.before(dimension),
        padding.after(dimension),
        ceil);
  }

  /** One window, as large as the map. */
  public static Windows whole(int size) {
    return new Windows(size, size, false, 0, 0, false);
  }

  /**
   * Where they lie in a map of some size.
   *
   * @throws ArithmeticException if the extent exceeds 2^31 - 1
   */
  public Placed over(int size) {
    int span = Math.toIntExact(extent);
    if (same) {
      int count = (int) (((long) size + stride - 1) / stride);
      long missing = (count - 1L) * stride + span - size;
      int front = (int) (Math.max(0, missing) / 2);
      return new Placed(count, front, (int) missing - front);
    }
    long room = (long) before + size + after - span;
    if (room < 0) return new Placed(0, before, 0);
    long count = room / stride + 1;
    // a window that would begin behind the last value is left out
    if (ceil && room % stride != 0 && count * stride < (long) before + size) count++;
    long end = (count - 1) * stride - before + span;
    return new Placed(Math.toIntExact(count), before, Math.toIntExact(end - size));
  }

  @Override
  public int pixels() {
    return stride;
  }

  // where SAME pads more the size decides, by its remainder

  @Override
  public long first(long at, OptionalInt size) {
    return at * stride - over(size.orElse(1)).before();
  }

  @Override
  public long last(long at, OptionalInt size) {
    return at * stride - over(size.orElse(stride)).before() + extent - 1;
  }
}
