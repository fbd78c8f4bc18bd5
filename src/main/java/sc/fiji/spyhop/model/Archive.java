package sc.fiji.spyhop.model;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.WrongDownload;
import sc.fiji.spyhop.util.ZipEntries;

/**
 * A zip file of a few known entries, read from front to back. Nothing is taken on trust: names must
 * be on a list, none may come twice, and bytes are counted as they are inflated.
 */
public final class Archive {

  private static final int LOCAL_HEADER = 0x504B0304;
  private static final int MAX_END = 22 + 0xFFFF;

  private Archive() {}

  /** Takes in one entry. */
  interface Sink {
    /**
     * Reads the entry to its end.
     *
     * @return whether to go on with the next
     */
    boolean accept(String entry, InputStream bytes) throws IOException;
  }

  /** Gives out one entry; called twice. */
  public interface Source {
    /**
     * Writes the entry, the same bytes each time; the stream stays open.
     *
     * @throws IOException if the stream fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Reads a file, see {@link #read(String, InputStream, String, ToLongFunction, Sink)}.
   *
   * @throws SpyhopException also if the file is missing, unreadable or cut short
   */
  static void read(Path file, String first, ToLongFunction<String> limits, Sink sink) {
    if (Files.isDirectory(file)) {
      throw new SpyhopException(file + ": expected a Spyhop model file, found a folder.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      WrongDownload.look(file)
          .ifPresent(
              what -> {
                throw new SpyhopException(file + ": " + what);
              });
      requireZip(file);
      read(file.toString(), new BufferedInputStream(in), first, limits, sink);
    } catch (NoSuchFileException e) {
      throw new SpyhopException(file + ": no such file. Check the path of the model.", e);
    } catch (AccessDeniedException e) {
      throw new SpyhopException(file + ": permission to read this model is denied.", e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** Name of the first entry; absent if that cannot be read. */
  static Optional<String> firstEntry(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return firstEntry(in);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<String> firstEntry(InputStream in) {
    try {
      return Optional.ofNullable(new ZipInputStream(in).getNextEntry()).map(ZipEntry::getName);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Looks at the first bytes and for the directory at the end. */
  private static void requireZip(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer head = ByteBuffer.allocate(4);
      while (head.hasRemaining() && channel.read(head) >= 0) continue;
      if (head.hasRemaining() || head.getInt(0) != LOCAL_HEADER) {
        throw new SpyhopException(
            file + ": expected a Spyhop model, which is a zip file, found something else.");
      }
      long size = channel.size();
      ByteBuffer tail = ByteBuffer.allocate((int) Math.min(size, MAX_END));
      while (tail.hasRemaining() && channel.read(tail, size - tail.limit() + tail.position()) > 0) {
        continue;
      }
      String text = new String(tail.array(), StandardCharsets.ISO_8859_1);
      if (!text.contains("PK\5\6")) throw cutShort(file.toString());
    }
  }

  /**
   * Hands on the entries in their order.
   *
   * @param label names the archive in messages
   * @param first name of the entry that has to come first
   * @param limits most bytes of an entry; negative: there is no such entry
   * @throws SpyhopException if the archive is not a sound zip file, or not of this kind
   */
  static void read(
      String label, InputStream in, String first, ToLongFunction<String> limits, Sink sink) {
    Set<String> seen = new HashSet<>();
    ZipInputStream zip = new ZipInputStream(in);
    try {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        String name = e.getName();
        long limit = limits.applyAsLong(name);
        check(label, name, first, limit >= 0, seen);
        Bounded bytes = new Bounded(zip, limit, label + ": " + name);
        if (!sink.accept(name, bytes)) return;
        if (bytes.read() >= 0) {
          throw new SpyhopException(label + ": " + name + " is longer than what it should hold.");
        }
      }
    } catch (OutOfMemoryError e) {
      throw SpyhopException.outOfMemory(label, e);
    } catch (EOFException e) {
      throw cutShort(label);
    } catch (ZipException | IllegalArgumentException e) {
      throw new SpyhopException(
          label + ": this model file is damaged (" + e.getMessage() + "). Get it again.", e);
    } catch (IOException e) {
      throw new SpyhopException(label + ": cannot be read: " + e.getMessage() + ".", e);
    }
    if (seen.isEmpty()) throw cutShort(label);
  }

  private static void check(
      String label, String name, String first, boolean known, Set<String> seen) {
    String shown = '"' + name.replaceAll("\\p{Cntrl}", "?") + '"';
    if (name.startsWith("/") || name.contains("..") || name.contains("\\") || name.contains(":")) {
      throw new SpyhopException(
          label + ": entry " + shown + " points out of the model file; it is not opened.");
    }
    if (seen.isEmpty() && !name.equals(first)) {
      throw new SpyhopException(
          label
              + ": expected a Spyhop model, which is a zip file that begins with "
              + first
              + ", found "
              + shown
              + ".");
    }
    if (!known) {
      throw new SpyhopException(
          label + ": a Spyhop model has no entry " + shown + "; it is not opened.");
    }
    if (!seen.add(name)) {
      throw new SpyhopException(label + ": entry " + shown + " is there twice; it is not opened.");
    }
  }

  private static SpyhopException cutShort(String label) {
    return new SpyhopException(
        label + ": this model file is cut short. Get or copy it again, in full.");
  }

  /**
   * Writes entries uncompressed and without a date, so that the same content gives the same bytes.
   *
   * @throws IOException if an entry cannot be given out, or the stream fails
   */
  public static void write(OutputStream out, Map<String, Source> entries) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
    for (Map.Entry<String, Source> e : entries.entrySet()) {
      Counter counter = new Counter();
      CheckedOutputStream sum = new CheckedOutputStream(counter, new CRC32());
      e.getValue().writeTo(sum);
      ZipEntry entry = ZipEntries.undated(e.getKey());
      entry.setSize(counter.count);
      entry.setCrc(sum.getChecksum().getValue());
      zip.putNextEntry(entry);
      e.getValue().writeTo(zip);
      zip.closeEntry();
    }
    zip.finish();
  }

  /** Counts and forgets. */
  private static final class Counter extends OutputStream {
    private long count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      count += length;
    }
  }

  /** Refuses to give more than so many bytes. Closing it leaves the archive open. */
  private static final class Bounded extends FilterInputStream {
    private final long limit;
    private final String label;
    private long count;

    Bounded(InputStream in, long limit, String label) {
      super(in);
      this.limit = limit;
      this.label = label;
    }

    private int counted(int read) {
      count += Math.max(0, read);
      if (count > limit) {
        throw new SpyhopException(
            label
                + " holds more than "
                + (limit >= 1 << 20 ? (limit >> 20) + " MB" : limit + " bytes")
                + "; it is not opened.");
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      counted(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return counted(in.read(bytes, offset, length));
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = in.skip(Math.min(n, 1 << 16));
      counted((int) skipped);
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() {}
  }
}
