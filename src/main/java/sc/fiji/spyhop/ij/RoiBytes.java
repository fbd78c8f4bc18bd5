package sc.fiji.spyhop.ij;

import ij.gui.Overlay;
import ij.gui.Roi;
import ij.io.FileInfo;
import ij.io.RoiDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * A region as ImageJ stores it. All numbers that say how much follows are compared with how much is
 * there before ImageJ decodes it, as it believes them. Places are those of {@code
 * ij.io.RoiDecoder}, big endian.
 */
final class RoiBytes {

  private static final int TYPE = 6;
  private static final int COORDINATES = 16;
  private static final int MANY_COORDINATES = 18;
  private static final int SHAPE = 36;
  private static final int SUBTYPE = 48;
  private static final int SECOND_HEADER = 60;
  private static final int HEADER = 64;
  private static final int TEXT = 1;

  /** Of the second header: lengths and what one of them is, in bytes. */
  private static final int[][] LENGTHS = {{20, 2}, {32, 1}, {44, 2}};

  /** Rectangles, ovals and straight lines have no coordinates behind the header. */
  private static final Set<Integer> PLAIN = Set.of(1, 2, 3, 6);

  private RoiBytes() {}

  /**
   * Decodes a region.
   *
   * @throws IOException if it is none, or says that it is larger than it is
   */
  static Roi decode(byte[] bytes, String name) throws IOException {
    GroupColors.prepare();
    ByteBuffer b = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER || b.get(0) != 'I' || b.get(1) != 'o' || b.get(2) != 'u') {
      throw new IOException(name + " holds no region");
    }
    int n = b.getShort(COORDINATES) & 0xFFFF;
    boolean plain = PLAIN.contains((int) b.get(TYPE));
    require(name, bytes, n == 0 && !plain ? b.getInt(MANY_COORDINATES) : n, plain ? 0 : 4);
    require(name, bytes, b.getInt(SHAPE), 4);
    if (b.getShort(SUBTYPE) == TEXT && bytes.length >= HEADER + 16) {
      require(name, bytes, b.getInt(HEADER + 8), 2);
      require(name, bytes, b.getInt(HEADER + 12), 2);
    }
    int second = b.getInt(SECOND_HEADER);
    if (second > 0) {
      for (int[] length : LENGTHS) {
        long at = (long) second + length[0];
        if (at + 4 <= bytes.length) require(name, bytes, b.getInt((int) at), length[1]);
      }
    }
    Roi roi;
    try {
      roi = new RoiDecoder(bytes, name).getRoi();
    } catch (RuntimeException e) {
      throw new IOException(name + " is damaged", e);
    }
    if (roi == null) throw new IOException(name + " holds no region");
    return roi;
  }

  /**
   * Decodes what an image carries: its selection and its overlay.
   *
   * @throws IOException naming the first region that says it is larger than it is
   */
  static Overlay overlay(FileInfo info) throws IOException {
    if (info.roi != null) decode(info.roi, "its selection");
    Overlay overlay = new Overlay();
    if (info.overlay == null) return overlay;
    for (int i = 0; i < info.overlay.length; i++) {
      overlay.add(decode(info.overlay[i], "region " + (i + 1) + " of its overlay"));
    }
    return overlay;
  }

  private static void require(String name, byte[] bytes, long count, int size) throws IOException {
    if (count >= 0 && count * size <= bytes.length) return;
    throw new IOException(
        name + " says that it has " + count + " values, more than its " + bytes.length + " bytes");
  }
}
