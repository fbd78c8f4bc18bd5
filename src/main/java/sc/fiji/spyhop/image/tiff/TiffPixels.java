package sc.fiji.spyhop.image.tiff;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.util.Strings;

/**
 * Reads the samples of a page, strip by strip or tile by tile: each sample of the pixels is a
 * plane. Values are those stored, whatever palette or {@code PhotometricInterpretation} there is,
 * but for YCbCr, which becomes red, green and blue.
 */
public final class TiffPixels {

  /** Bytes of uncompressed rows that are read at once. */
  private static final int PORTION = 1 << 24;

  private static final int MAX_BLOCK = Integer.MAX_VALUE - 8;

  private final TiffFile file;
  private final TiffPage page;
  private final TiffLayout layout;
  private final int width;
  private final int height;

  private TiffPixels(TiffFile file, TiffPage page) throws IOException {
    this.file = file;
    this.page = page;
    this.layout = TiffLayout.of(page);
    this.width = (int) page.width();
    this.height = (int) page.height();
  }

  /**
   * Whether a page can be read, by what its directory says.
   *
   * @throws UnsupportedTiffException if not, with the property that is the reason
   * @throws EOFException if the file ends before its pixels do
   * @throws IOException if its strips do not cover it
   */
  public static void check(TiffFile file, TiffPage page) throws IOException {
    if (page.width() < 1 || page.height() < 1) throw new IOException("it has no pixels");
    if (page.width() > Integer.MAX_VALUE || page.height() > Integer.MAX_VALUE / page.width()) {
      throw new UnsupportedTiffException(
          Strings.format("it has %d x %d pixels", page.width(), page.height()));
    }
    new TiffPixels(file, page).requireCover();
  }

  /**
   * Reads all samples.
   *
   * @return for each sample a {@code byte[]} (unsigned), {@code short[]} (unsigned, or signed with
   *     32,768 added) or {@code float[]}, row by row
   * @throws IOException if the file cannot be read, or holds pixels that are not understood
   */
  public static List<Object> read(TiffFile file, TiffPage page) throws IOException {
    check(file, page);
    return new TiffPixels(file, page).read();
  }

  /** Whether {@link #read} gives signed numbers of 16 bits with 32,768 added. */
  public static boolean isSigned16(TiffPage page) {
    return page.format() == TiffPage.SIGNED && page.bits() == 16;
  }

  /** Bytes that {@link #read} makes of each sample. */
  public static int bytesPerSample(TiffPage page) {
    if (page.format() == TiffPage.UNSIGNED && page.bits() <= 8) return 1;
    boolean shorts = page.format() == TiffPage.UNSIGNED && page.bits() <= 16;
    return shorts || isSigned16(page) ? 2 : 4;
  }

  private int planesOfBlock() {
    return page.isPlanar() ? 1 : layout.samples();
  }

  private long across() {
    return (width + page.tileWidth() - 1) / page.tileWidth();
  }

  private long down() {
    return (height + page.tileHeight() - 1) / page.tileHeight();
  }

  private long blocks() {
    return across() * down() * (page.isPlanar() ? layout.samples() : 1);
  }

  /** Before anything is allocated: there have to be enough strips of enough bytes. */
  private void requireCover() throws IOException {
    long blocks = blocks();
    long[] offsets = page.offsets();
    long[] counts = page.byteCounts();
    boolean plain = layout.codec() == TiffCodec.NONE && !layout.isJpeg();
    if (offsets.length < blocks || counts.length < blocks && !(plain && blocks == 1)) {
      throw new IOException(
          Strings.format(
              "its strips do not cover the image: %d are needed, there are %d",
              blocks, Math.min(offsets.length, counts.length)));
    }
    long stored = 0;
    long needed = 0;
    for (int i = 0; i < blocks; i++) {
      long count = i < counts.length ? counts[i] : blockBytes(i);
      if (count < 0 || offsets[i] < 0 || offsets[i] > file.length() - count) {
        throw new EOFException();
      }
      stored += count;
      needed += blockBytes(i);
      if (plain && count < blockBytes(i)) {
        if (offsets[i] > file.length() - blockBytes(i)) throw new EOFException();
        throw tooShort(i, count);
      }
    }
    int ratio = layout.isJpeg() ? 5_000 : layout.codec().maxRatio;
    if (needed / ratio > stored + 100 * blocks) {
      throw new IOException(Strings.format("its strips of %d bytes cannot hold the image", stored));
    }
  }

  private IOException tooShort(int block, long bytes) {
    return new IOException(
        Strings.format(
            "its strips do not cover the image: number %d holds %d of %d bytes",
            block + 1, bytes, blockBytes(block)));
  }

  private int rows(int block) {
    if (page.isTiled()) return (int) page.tileHeight();
    long top = block % (across() * down()) * page.tileHeight();
    return (int) Math.min(page.tileHeight(), height - top);
  }

  private long blockBytes(int block) {
    return rows(block) * layout.rowBytes(page.tileWidth(), planesOfBlock());
  }

  private List<Object> read() throws IOException {
    int size = width * height;
    List<Samples> planes = new ArrayList<>();
    for (int s = 0; s < layout.samples(); s++) planes.add(Samples.of(page, size));
    long blocks = blocks();
    for (int i = 0; i < blocks; i++) {
      int place = (int) (i % (across() * down()));
      int x = (int) (place % across() * page.tileWidth());
      int y = (int) (place / across() * page.tileHeight());
      int plane = (int) (i / (across() * down()));
      List<Samples> into = page.isPlanar() ? planes.subList(plane, plane + 1) : planes;
      if (layout.isJpeg()) jpeg(i, into, x, y);
      else if (layout.codec() == TiffCodec.NONE) plain(i, into, x, y);
      else unpack(expand(i), into, x, y, rows(i));
    }
    List<Object> arrays = new ArrayList<>();
    for (Samples plane : planes) arrays.add(plane.array());
    return arrays;
  }

  private byte[] stored(int block) throws IOException {
    byte[] bytes = file.read(page.offsets()[block], page.byteCounts()[block]);
    if (page.isReversed()) reverse(bytes);
    return bytes;
  }

  private static void reverse(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
    }
  }

  private byte[] expand(int block) throws IOException {
    long size = blockBytes(block);
    if (size > MAX_BLOCK) throw new UnsupportedTiffException("it has a strip of over 2 GB");
    byte[] bytes = layout.codec().expand(stored(block), (int) size);
    if (bytes.length < size) throw tooShort(block, bytes.length);
    int rowBytes = (int) (size / rows(block));
    Predictor.undo(page, bytes, rowBytes, planesOfBlock(), file.order());
    return bytes;
  }

  /** Reads uncompressed rows some at a time: they may be one strip of gigabytes. */
  private void plain(int block, List<Samples> into, int x, int y) throws IOException {
    long rowBytes = layout.rowBytes(page.tileWidth(), planesOfBlock());
    int rows = Math.min(rows(block), height - y);
    int portion = (int) Math.max(1, Math.min(rows, PORTION / rowBytes));
    for (int row = 0; row < rows; row += portion) {
      int n = Math.min(portion, rows - row);
      byte[] bytes = file.read(page.offsets()[block] + row * rowBytes, n * rowBytes);
      if (page.isReversed()) reverse(bytes);
      unpack(bytes, into, x, y + row, n);
    }
  }

  private void unpack(byte[] bytes, List<Samples> into, int x, int y, int rows) {
    int rowBytes = (int) layout.rowBytes(page.tileWidth(), into.size());
    int columns = (int) Math.min(page.tileWidth(), width - x);
    int bits = layout.bits();
    boolean little = file.order() == ByteOrder.LITTLE_ENDIAN && page.predictor() != 3;
    for (int row = 0; row < rows && y + row < height; row++) {
      int at = (y + row) * width + x;
      long bit = 8L * row * rowBytes;
      for (int column = 0; column < columns; column++, at++) {
        for (Samples plane : into) {
          plane.set(at, number(bytes, bit, bits, little));
          bit += bits;
        }
      }
    }
  }

  /** Bits that are no whole bytes follow each other from the highest, whatever the byte order. */
  private static long number(byte[] bytes, long bit, int bits, boolean little) {
    int at = (int) (bit >> 3);
    if (bits == 8) return bytes[at] & 0xFF;
    long value = 0;
    if (bits % 8 == 0) {
      int n = bits / 8;
      for (int i = 0; i < n; i++) {
        value = value << 8 | bytes[little ? at + n - 1 - i : at + i] & 0xFF;
      }
      return value;
    }
    for (int i = 0; i < bits; i++, bit++) {
      value = value << 1 | bytes[(int) (bit >> 3)] >> (7 - (int) (bit & 7)) & 1;
    }
    return value;
  }

  private void jpeg(int block, List<Samples> into, int x, int y) throws IOException {
    TiffJpeg tile =
        TiffJpeg.decode(page, file.read(page.offsets()[block], page.byteCounts()[block]));
    int columns = (int) Math.min(page.tileWidth(), width - x);
    int rows = Math.min(rows(block), height - y);
    if (tile.width() < columns || tile.height() < rows || tile.bands() != into.size()) {
      throw new IOException(
          Strings.format(
              "a JPEG in it has %d x %d pixels of %d samples, expected %d x %d of %d",
              tile.width(), tile.height(), tile.bands(), columns, rows, into.size()));
    }
    int[] samples = new int[columns];
    for (int band = 0; band < into.size(); band++) {
      for (int row = 0; row < rows; row++) {
        tile.row(row, band, samples);
        for (int c = 0; c < columns; c++) into.get(band).set((y + row) * width + x + c, samples[c]);
      }
    }
  }
}
