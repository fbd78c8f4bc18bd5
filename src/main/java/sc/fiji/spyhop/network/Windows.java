package sc.fiji.spyhop.network;

import sc.fiji.spyhop.network.Layer.Padding;

/**
 * Where the windows of a layer lie along one dimension: window {@code i} begins at {@code i *
 * stride - before}.
 *
 * @param count number of windows; below 1 if not even one fits
 * @param before padding in front of the first value
 * @param after padding behind the last value; what {@code SAME} and ceil mode add is not counted
 */
public record Windows(int count, int before, int after) {

  public static Windows of(Layer.Convolution l, int dimension, int size) {
    int extent = Math.toIntExact(extent(l, dimension));
    return of(l.padding(), false, dimension, size, extent, l.stride().get(dimension));
  }

  public static Windows of(Layer.Pooling l, int dimension, int size) {
    return of(
        l.padding(),
        l.ceilMode(),
        dimension,
        size,
        l.kernel().get(dimension),
        l.stride().get(dimension));
  }

  /** From the first to the last value that a dilated kernel looks at. */
  static long extent(Layer.Convolution l, int dimension) {
    return (l.kernel().get(dimension) - 1L) * l.dilation().get(dimension) + 1;
  }

  private static Windows of(
      Padding padding, boolean ceil, int dimension, int size, int extent, int stride) {
    if (padding == Padding.SAME) {
      int count = (int) (((long) size + stride - 1) / stride);
      long missing = (count - 1L) * stride + extent - size;
      return new Windows(count, (int) (Math.max(0, missing) / 2), 0);
    }
    int before = padding instanceof Padding.Explicit e ? e.before().get(dimension) : 0;
    int after = padding instanceof Padding.Explicit e ? e.after().get(dimension) : 0;
    long room = (long) before + size + after - extent;
    if (room < 0) return new Windows(0, before, after);
    long count = room / stride + 1;
    // a window that would begin behind the last value is left out
    if (ceil && room % stride != 0 && count * stride < (long) before + size) count++;
    return new Windows(Math.toIntExact(count), before, after);
  }
}
