package sc.fiji.spyhop.image.tiff;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The directories of a TIFF or BigTIFF file of either byte order (TIFF 6.0; BigTIFF as in libtiff).
 * Nothing larger than the file is ever asked for.
 */
public final class TiffFile implements AutoCloseable {

  private static final int MAX_KINDS = 804;
  private static final int MAX_PAGES = 1_000_000;

  private final Path path;
  private Optional<RandomAccessFile> opened;
  private final long length;
  private final ByteOrder order;
  private final boolean big;
  private final List<TiffPage> pages = new ArrayList<>();

  private TiffFile(Path path, RandomAccessFile file) throws IOException {
    this.path = path;
    this.opened = Optional.of(file);
    this.length = file.length();
    byte[] head = read(0, 8);
    this.order = head[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    if (head[0] != head[1] || head[0] != 'I' && head[0] != 'M') throw new IOException("no TIFF");
    int version = wrap(head).getShort(2);
    if (version != 42 && version != 43) throw new IOException("no TIFF");
    this.big = version == 43;
    long at = big ? wrap(read(8, 8)).getLong() : wrap(head).getInt(4) & 0xFFFFFFFFL;
    Set<Long> seen = new HashSet<>();
    while (at != 0) {
      if (!seen.add(at)) throw new IOException("its directories form a ring");
      if (pages.size() == MAX_PAGES) throw new IOException("it has over a million directories");
      at = directory(at);
    }
  }

  /**
   * Reads the directories of a file.
   *
   * @throws EOFException if a directory lies behind the end of the file
   * @throws IOException if the file cannot be read, or is no TIFF
   */
  public static TiffFile open(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    try {
      return new TiffFile(path, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Reads one directory and tells where the next one is; 0: there is none. */
  private long directory(long at) throws IOException {
    int head = big ? 8 : 2;
    int size = big ? 20 : 12;
    int word = big ? 8 : 4;
    long count = big ? wrap(read(at, 8)).getLong() : wrap(read(at, 2)).getShort() & 0xFFFF;
    if (count < 0 || count > length / size) throw new EOFException();
    ByteBuffer entries = wrap(read(at + head, count * size));
    Map<Integer, TiffField> fields = new LinkedHashMap<>();
    boolean sound = true;
    for (int i = 0; i < count; i++) {
      int tag = entries.getShort(i * size) & 0xFFFF;
      int type = entries.getShort(i * size + 2) & 0xFFFF;
      long values =
          big ? entries.getLong(i * size + 4) : entries.getInt(i * size + 4) & 0xFFFFFFFFL;
      int inline = i * size + (big ? 12 : 8);
      int width = TiffField.width(type);
      if (width == 0 || values <= 0 || values > length / width) {
        if (width != 0 && values > 0 && TiffPage.needs(tag)) throw new EOFException();
        sound = false;
        continue; // of no known type, empty, or longer than the file
      }
      byte[] bytes;
      if (values * width <= word) {
        bytes = new byte[(int) values * width];
        entries.get(inline, bytes);
      } else {
        long offset = big ? entries.getLong(inline) : entries.getInt(inline) & 0xFFFFFFFFL;
        if (!TiffPage.needs(tag)) {
          sound &= offset >= 0 && offset <= length - values * width;
          fields.putIfAbsent(tag, new TiffField(type, values, offset, new byte[0], order));
          continue;
        }
        bytes = read(offset, values * width);
      }
      fields.putIfAbsent(tag, new TiffField(type, values, 0, bytes, order));
    }
    pages.add(new TiffPage(fields, sound));
    long next = at + head + count * size;
    if (next + word > length) return 0;
    return big ? wrap(read(next, 8)).getLong() : wrap(read(next, 4)).getInt() & 0xFFFFFFFFL;
  }

  /**
   * Whether the regions and tables that ImageJ has put into a page are as long as it says: first a
   * list of kinds with how many there are, then that many.
   *
   * @throws IOException if the file cannot be read
   */
  public boolean isMetadataWhole(TiffPage page) throws IOException {
    if (!page.hasMetadata()) return true;
    long[] counts = page.metadataCounts();
    if (counts.length < 2 || !page.isMetadataInside(length)) return false;
    ByteBuffer head = wrap(read(page.metadataOffset(), Math.min(counts[0], MAX_KINDS)));
    long sum = 0;
    for (int i = 4; i + 8 <= head.capacity(); i += 8) {
      int count = head.getInt(i + 4);
      if (count < 0) return false;
      sum += count;
    }
    return sum <= counts.length - 1;
  }

  /** Bytes of the file. */
  public long length() {
    return length;
  }

  /** Whether offsets have 64 bits. */
  public boolean isBig() {
    return big;
  }

  /** In which order numbers are stored. */
  public ByteOrder order() {
    return order;
  }

  /** What the directories say, in the order of the file. */
  public List<TiffPage> pages() {
    return List.copyOf(pages);
  }

  /**
   * Reads bytes; if this was closed, the file is opened for it.
   *
   * @throws EOFException if the file ends before
   */
  public synchronized byte[] read(long at, long count) throws IOException {
    if (at < 0 || count < 0 || at > length || count > length - at) throw new EOFException();
    if (count > Integer.MAX_VALUE - 8) throw new IOException("it has a strip of over 2 GB");
    if (opened.isPresent()) return read(opened.get(), at, (int) count);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      return read(file, at, (int) count);
    }
  }

  private static byte[] read(RandomAccessFile file, long at, int count) throws IOException {
    byte[] bytes = new byte[count];
    file.seek(at);
    file.readFully(bytes);
    return bytes;
  }

  private ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(order);
  }

  @Override
  public synchronized void close() throws IOException {
    if (opened.isPresent()) opened.get().close();
    opened = Optional.empty();
  }
}
