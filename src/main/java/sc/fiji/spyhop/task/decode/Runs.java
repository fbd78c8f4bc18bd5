package sc.fiji.spyhop.task.decode;

import java.io.ByteArrayOutputStream;

/**
 * Labels of a rectangle, packed: for every run of one label in a row its distance from the end of
 * the one before, its length, and the difference of its label from the last, each in as few bytes
 * as it takes. A row is an array of its own, small enough for the garbage collector to move, so
 * that it does not stand in the way of plane-sized arrays.
 */
final class Runs {

  final int left;
  final int top;
  final int right;
  final int bottom;
  private final byte[][] rows;

  /**
   * Packs a part of a region.
   *
   * @param labels of the region, row-major, 0 for background
   * @param regionX first column of the region in the plane
   * @param regionY first row of the region in the plane
   * @param regionWidth columns of the region
   * @param left first column of the part in the plane
   * @param right column after the last
   */
  Runs(
      int[] labels,
      int regionX,
      int regionY,
      int regionWidth,
      int left,
      int top,
      int right,
      int bottom) {
    this.left = left;
    this.top = top;
    this.right = right;
    this.bottom = bottom;
    rows = new byte[bottom - top][];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int y = top; y < bottom; y++) {
      out.reset();
      int offset = (y - regionY) * regionWidth - regionX;
      int end = left;
      int last = 0;
      for (int x = left; x < right; ) {
        int label = labels[offset + x];
        int start = x;
        while (++x < right && labels[offset + x] == label) {}
        if (label == 0) continue;
        write(out, start - end);
        write(out, x - start);
        int difference = label - last;
        write(out, difference << 1 ^ difference >> 31);
        end = x;
        last = label;
      }
      rows[y - top] = out.toByteArray();
    }
  }

  /** Seven bits a byte, lowest first, the eighth telling that more follow. */
  private static void write(ByteArrayOutputStream out, int value) {
    int rest = value;
    for (; (rest & ~0x7f) != 0; rest >>>= 7) out.write(rest & 0x7f | 0x80);
    out.write(rest);
  }

  /**
   * The runs of a row, from left to right.
   *
   * @param offset added to every label
   */
  Cursor row(int y, int offset) {
    return new Cursor(rows[y - top], left, offset);
  }

  /** Stands on a run after {@link #next} said that there is one. */
  static final class Cursor {

    private final byte[] bytes;
    private int at;

    /** First column. */
    int start;

    /** Column after the last. */
    int end;

    int label;

    private Cursor(byte[] bytes, int left, int offset) {
      this.bytes = bytes;
      end = left;
      label = offset;
    }

    boolean next() {
      if (at == bytes.length) return false;
      start = end + read();
      end = start + read();
      int difference = read();
      label += difference >>> 1 ^ -(difference & 1);
      return true;
    }

    private int read() {
      int value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = bytes[at++];
        value |= (b & 0x7f) << shift;
        if (b >= 0) return value;
      }
    }
  }
}
