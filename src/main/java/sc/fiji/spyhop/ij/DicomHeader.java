package sc.fiji.spyhop.ij;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The data elements of a DICOM file in front of its pixels (DICOM PS3.5, section 7). */
final class DicomHeader {

  private static final int SYNTAX = 0x00020010;
  static final int SLICE_SPACING = 0x00180088;
  static final int SAMPLES = 0x00280002;
  static final int COLORS = 0x00280004;
  static final int PLANAR = 0x00280006;
  static final int FRAMES = 0x00280008;
  static final int ROWS = 0x00280010;
  static final int COLUMNS = 0x00280011;
  static final int PIXEL_SPACING = 0x00280030;
  static final int BITS_ALLOCATED = 0x00280100;
  static final int BITS_STORED = 0x00280101;
  static final int HIGH_BIT = 0x00280102;
  static final int SIGNED = 0x00280103;
  private static final int FLOATS = 0x7FE00008;
  private static final int DOUBLES = 0x7FE00009;
  private static final int PIXELS = 0x7FE00010;
  private static final int END_OF_SEQUENCE = 0xFFFEE0DD;

  private static final int MAX_ELEMENTS = 1_000_000;
  private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";

  /** Those whose pixels are stored as they are. */
  private static final Set<String> SYNTAXES =
      Set.of("", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", BIG_ENDIAN);

  private static final Set<Integer> TEXTS =
      Set.of(SYNTAX, SLICE_SPACING, COLORS, FRAMES, PIXEL_SPACING);
  private static final Set<Integer> NUMBERS =
      Set.of(SAMPLES, PLANAR, ROWS, COLUMNS, BITS_ALLOCATED, BITS_STORED, HIGH_BIT, SIGNED);

  private static final Set<String> LONG =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  private final RandomAccessFile file;
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private final Map<Integer, String> texts = new HashMap<>();

  private DicomHeader(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Reads what stands in front of the pixels; the file is then where they begin.
   *
   * @throws EOFException if the file ends before
   * @throws IOException if it has no pixels, or compressed ones
   */
  static DicomHeader read(RandomAccessFile file) throws IOException {
    DicomHeader header = new DicomHeader(file);
    header.read();
    return header;
  }

  /** A number, as it stands there. */
  int number(int tag, int absent) {
    return numbers.getOrDefault(tag, absent);
  }

  /** A text without blanks around it; empty if it is not there. */
  String text(int tag) {
    return texts.getOrDefault(tag, "");
  }

  /** How the numbers of pixels are stored. */
  ByteOrder order() {
    return text(SYNTAX).equals(BIG_ENDIAN) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private void read() throws IOException {
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
      if (!meta) requirePlain();
      ByteBuffer head = take(8, order() == ByteOrder.BIG_ENDIAN && !meta);
      int tag = (head.getShort(0) & 0xFFFF) << 16 | head.getShort(2) & 0xFFFF;
      long length = length(head, tag);
      if (tag == END_OF_SEQUENCE) {
        depth = Math.max(0, depth - 1);
      } else if (tag == PIXELS && depth == 0) {
        if (length == 0xFFFFFFFFL) throw new IOException("its pixels are compressed");
        return;
      } else if ((tag == FLOATS || tag == DOUBLES) && depth == 0) {
        throw new IOException("its pixels are floating point numbers");
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

  private void requirePlain() throws IOException {
    if (SYNTAXES.contains(text(SYNTAX))) return;
    throw new IOException("its pixels are compressed: its transfer syntax is " + text(SYNTAX));
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
    boolean text = TEXTS.contains(tag);
    if (!text && !NUMBERS.contains(tag) || length < 1 || length > 100) return;
    ByteBuffer value = take((int) length, order == ByteOrder.BIG_ENDIAN);
    if (text) {
      String all = new String(value.array(), StandardCharsets.ISO_8859_1);
      texts.put(tag, all.replace('\0', ' ').strip());
    } else if (length >= 2) {
      numbers.put(tag, value.getShort() & 0xFFFF);
    }
  }
}
