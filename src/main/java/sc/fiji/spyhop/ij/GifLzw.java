package sc.fiji.spyhop.ij;

import java.io.IOException;
import sc.fiji.spyhop.util.Strings;

/** LZW as in GIF89a, appendix F: codes of up to 12 bits, the lowest bit first. */
final class GifLzw {

  private static final int MAX_CODES = 4096;

  private final byte[] in;
  private final int codeSize;
  private final short[] prefix = new short[MAX_CODES];
  private final byte[] last = new byte[MAX_CODES];
  private final byte[] stack = new byte[MAX_CODES + 1];
  private long bit;

  private GifLzw(byte[] in, int codeSize) {
    this.in = in;
    this.codeSize = codeSize;
  }

  /** How many numbers so many bytes can become at most. */
  static long maxNumbers(long bytes) {
    return bytes * MAX_CODES;
  }

  /**
   * Unpacks numbers; what follows them is passed over.
   *
   * @param codeSize bits of a number, 1 to 8
   * @throws IOException if there are fewer, or a code that has no meaning yet
   */
  static byte[] expand(byte[] in, int codeSize, int count) throws IOException {
    return new GifLzw(in, codeSize).expand(count);
  }

  private byte[] expand(int count) throws IOException {
    byte[] out = new byte[count];
    int clear = 1 << codeSize;
    int next = clear + 2;
    int width = codeSize + 1;
    int before = -1;
    byte first = 0;
    int at = 0;
    while (at < count) {
      int code = code(width);
      if (code < 0 || code == clear + 1) {
        throw new IOException(Strings.format("a picture has %d of %d pixels", at, count));
      }
      if (code == clear) {
        next = clear + 2;
        width = codeSize + 1;
        before = -1;
        continue;
      }
      if (code >= next && (code > next || before < 0)) {
        throw new IOException("damaged LZW");
      }
      int depth = 0;
      int c = code;
      if (code == next) {
        stack[depth++] = first;
        c = before;
      }
      for (; c >= clear; c = prefix[c]) stack[depth++] = last[c];
      first = (byte) c;
      stack[depth++] = first;
      while (depth > 0 && at < count) out[at++] = stack[--depth];
      if (before >= 0 && next < MAX_CODES) {
        prefix[next] = (short) before;
        last[next] = first;
        next++;
        if (next == 1 << width && width < 12) width++;
      }
      before = code;
    }
    return out;
  }

  private int code(int width) {
    if (bit + width > 8L * in.length) return -1;
    int code = 0;
    for (int i = 0; i < width; i++, bit++) {
      code |= (in[(int) (bit >> 3)] >> (int) (bit & 7) & 1) << i;
    }
    return code;
  }
}
