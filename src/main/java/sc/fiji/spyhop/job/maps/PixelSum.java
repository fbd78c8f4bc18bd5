package sc.fiji.spyhop.job.maps;

import java.util.HexFormat;
import java.util.concurrent.atomic.LongAdder;
import sc.fiji.spyhop.ij.FloatStack;
import sc.fiji.spyhop.ij.FloatStackSink;

/**
 * A checksum of the pixels of a 32-bit image, in whatever order its parts come: each pixel counts
 * by its value and its place, and one of 0 not at all, as it is before it is written.
 */
final class PixelSum implements FloatStackSink {

  private final FloatStack.Size size;
  private final LongAdder sum = new LongAdder();

  PixelSum(FloatStack.Size size) {
    this.size = size;
  }

  @Override
  public void put(
      int channel,
      int z,
      int t,
      int x,
      int y,
      int w,
      int h,
      float[] values,
      int offset,
      int stride) {
    long plane = (long) size.width() * size.height() * size.index(channel, z, t);
    long of = 0;
    for (int j = 0; j < h; j++) {
      long place = plane + (long) (y + j) * size.width() + x;
      for (int i = 0; i < w; i++) {
        int bits = Float.floatToRawIntBits(values[offset + j * stride + i]);
        if (bits != 0) of += mixed(place + i, bits);
      }
    }
    sum.add(of);
  }

  /** Every bit of both changes about half of those of the result (SplitMix64, Steele 2014). */
  private static long mixed(long place, int bits) {
    long v = place * 0x9E3779B97F4A7C15L ^ (bits & 0xFFFFFFFFL);
    v = (v ^ (v >>> 30)) * 0xBF58476D1CE4E5B9L;
    v = (v ^ (v >>> 27)) * 0x94D049BB133111EBL;
    return v ^ (v >>> 31);
  }

  /** Of what has come so far: 16 digits. */
  String text() {
    return HexFormat.of().toHexDigits(sum.sum());
  }
}
