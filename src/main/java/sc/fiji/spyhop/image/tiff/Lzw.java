package sc.fiji.spyhop.image.tiff;

import java.io.IOException;
import java.util.Arrays;

/** LZW as in TIFF 6.0, section 13. */
final class Lzw {

  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int MAX_CODES = 4096;

  private final byte[] in;
  private long bit;
  private int width = 9;

  /** For each code the one it lengthens, its last byte, its first byte and its length. */
  private final short[] prefix = new short[MAX_CODES];

  private final byte[] last = new byte[MAX_CODES];
  private final byte[] first = new byte[MAX_CODES];
  private final int[] length = new int[MAX_CODES];

  private Lzw(byte[] in) {
    this.in = in;
    for (int i = 0; i < 256; i++) {
      last[i] = first[i] = (byte) i;
      length[i] = 1;
    }
  }

  /** Expands to {@code size} bytes, or to fewer if the codes end before. */
  static byte[] expand(byte[] in, int size) throws IOException {
    if (in.length > 1 && in[0] == 0 && (in[1] & 1) == 1) {
      throw new UnsupportedTiffException("its compression is LZW of the old kind, before TIFF 6.0");
    }
    return new Lzw(in).expand(size);
  }

  private byte[] expand(int size) throws IOException {
    byte[] out = new byte[size];
    int at = 0;
    int next = END + 1;
    int before = -1;
    while (at < size) {
      int code = code();
      if (code < 0 || code == END) break;
      if (code == CLEAR) {
        width = 9;
        next = END + 1;
        before = -1;
        continue;
      }
      if (before < 0) {
        if (code > 255) throw new IOException("damaged LZW");
      } else if (next < MAX_CODES) {
        if (code > next) throw new IOException("damaged LZW");
        prefix[next] = (short) before;
        first[next] = first[before];
        last[next] = first[code == next ? before : code];
        length[next] = length[before] + 1;
        next++;
      } else if (code >= next) {
        throw new IOException("damaged LZW");
      }
      at = write(code, out, at);
      before = code;
      if (next == (1 << width) - 1 && width < 12) width++;
    }
    return at == size ? out : Arrays.copyOf(out, at);
  }

  private int write(int code, byte[] out, int at) {
    int end = at + length[code];
    int c = code;
    for (int i = end - 1; i >= at; i--) {
      if (i < out.length) out[i] = last[c];
      c = prefix[c];
    }
    return Math.min(end, out.length);
  }

  private int code() {
    if (bit + width > 8L * in.length) return -1;
    int code = 0;
    for (int i = 0; i < width; i++, bit++) {
      code = code << 1 | in[(int) (bit >> 3)] >> (7 - (int) (bit & 7)) & 1;
    }
    return code;
  }
}
