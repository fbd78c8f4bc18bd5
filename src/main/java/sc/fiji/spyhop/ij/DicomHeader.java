package sc.fiji.spyhop.ij;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What there has to be in a DICOM file, by its data elements (DICOM PS3.5, section 7). */
final class DicomHeader {

  private static final int SYNTAX = 0x00020010;
  private static final int SAMPLES = 0x00280002;
  private static final int FRAMES = 0x00280008;
  private static final int ROWS = 0x00280010;
  private static final int COLUMNS = 0x00280011;
  private static final int BITS = 0x00280100;
  private static final int PIXELS = 0x7FE00010;
  private static final int END_OF_SEQUENCE = 0xFFFEE0DD;

  private static final int MAX_ELEMENTS = 1_000_000;
  private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";
  private static final Set<String> LONG =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  private final RandomAccessFile file;
  private final Map<Integer, Long> numbers = new HashMap<>();
  private String syntax = "";

  private DicomHeader(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Looks whether all pixels are there, before ImageJ makes room for them.
   *
   * @throws EOFException if the file ends before
   * @throws IOException if it has no pixels, or compressed ones
   */
  static void check(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      new DicomHeader(file).check();
    }
  }

  private void check() throws IOException {
    byte[] magic = new byte[4];
    boolean preamble = false;
    if (file.length() > 132) {
      file.seek(128);
      file.readFully(magic);
      preamble = new String(magic, StandardCharsets.ISO_8859_1).equals("DICM");
    }
    file.seek(preamble ? 132 : 0);
    int depth = 0;
    for (int i = 0; i < MAX_ELEMENTS; i++) {
      int start = file.read();
      if (start < 0) throw new EOFException();
      file.seek(file.getFilePointer() - 1);
      boolean meta = start == 2 && depth == 0;
      ByteBuffer head = take(8, syntax.equals(BIG_ENDIAN) && !meta);
      int tag = (head.getShort(0) & 0xFFFF) << 16 | head.getShort(2) & 0xFFFF;
      long length = length(head, tag);
      if (tag == END_OF_SEQUENCE) {
        depth = Math.max(0, depth - 1);
      } else if (tag == PIXELS && depth == 0) {
        requirePixels(length);
        return;
      } else if (length == 0xFFFFFFFFL) {
        if (tag >>> 16 != 0xFFFE) depth++;
      } else if (tag >>> 16 != 0xFFFE) {
        if (length > file.length() - file.getFilePointer()) throw new EOFException();
        long next = file.getFilePointer() + length;
        if (depth == 0) keep(tag, length, head.order());
        file.seek(next);
      }
    }
    throw new IOException("its header does not end");
  }

  private ByteBuffer take(int count, boolean bigEndian) throws IOException {
    byte[] bytes = new byte[count];
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  /** With two letters for the kind of value the length is shorter, for some behind them. */
  private long length(ByteBuffer head, int tag) throws IOException {
    String kind = new String(head.array(), 4, 2, StandardCharsets.ISO_8859_1);
    boolean explicit = kind.chars().allMatch(c -> c >= 'A' && c <= 'Z') && tag >>> 16 != 0xFFFE;
    if (!explicit) return head.getInt(4) & 0xFFFFFFFFL;
    if (!LONG.contains(kind)) return head.getShort(6) & 0xFFFF;
    return take(4, head.order() == ByteOrder.BIG_ENDIAN).getInt() & 0xFFFFFFFFL;
  }

  private void keep(int tag, long length, ByteOrder order) throws IOException {
    boolean wanted =
        tag == SYNTAX
            || tag == SAMPLES
            || tag == FRAMES
            || tag == ROWS
            || tag == COLUMNS
            || tag == BITS;
    if (!wanted || length < 1 || length > 100) return;
    ByteBuffer value = take((int) length, order == ByteOrder.BIG_ENDIAN);
    String text = new String(value.array(), StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    if (tag == SYNTAX) {
      syntax = text;
    } else if (tag == FRAMES) {
      numbers.put(tag, text.matches("\\d{1,9}") ? Long.parseLong(text) : 1);
    } else if (length >= 2) {
      numbers.put(tag, value.getShort() & 0xFFFFL);
    }
  }

  private void requirePixels(long length) throws IOException {
    if (length == 0xFFFFFFFFL) throw new IOException("its pixels are compressed (" + syntax + ")");
    double needed =
        (double) numbers.getOrDefault(ROWS, 0L)
            * numbers.getOrDefault(COLUMNS, 0L)
            * Math.max(1, numbers.getOrDefault(FRAMES, 1L))
            * Math.max(1, numbers.getOrDefault(SAMPLES, 1L))
            * ((numbers.getOrDefault(BITS, 8L) + 7) / 8);
    if (needed == 0) throw new IOException("it does not tell how many pixels it has");
    if (needed > file.length() - file.getFilePointer()) throw new EOFException();
  }
}
