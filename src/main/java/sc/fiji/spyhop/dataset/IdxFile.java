package sc.fiji.spyhop.dataset;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * An array of bytes in the IDX format of the MNIST database (LeCun, Cortes and Burges): two zeros,
 * a type, the number of dimensions, their sizes in big-endian 32 bits, and the values; gzipped or
 * not.
 *
 * @param sizes slowest first
 * @param values unsigned bytes
 */
record IdxFile(int[] sizes, byte[] values) {

  private static final int UNSIGNED_BYTES = 0x08;
  private static final int MAX_DIMENSIONS = 4;

  /**
   * Reads a file whole.
   *
   * @throws SpyhopException if it cannot be read, is not of this format, is cut short or too long
   */
  static IdxFile read(Path file) {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      raw.mark(2);
      boolean zipped = raw.read() == 0x1F && raw.read() == 0x8B;
      raw.reset();
      InputStream in = zipped ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16)) : raw;
      return read(file, new DataInputStream(in));
    } catch (EOFException e) {
      throw new SpyhopException(file + " is cut short. Get it again.", e);
    } catch (IOException e) {
      throw new SpyhopException(file + " cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  private static IdxFile read(Path file, DataInputStream in) throws IOException {
    int magic = in.readInt();
    int dimensions = magic & 0xFF;
    if (magic >>> 16 != 0 || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw new SpyhopException(file + " is not an IDX file, as those of MNIST are.");
    }
    if ((magic >> 8 & 0xFF) != UNSIGNED_BYTES) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected values of type 0x08, unsigned bytes, received 0x%02x.",
              file, magic >> 8 & 0xFF));
    }
    int[] sizes = new int[dimensions];
    long length = 1;
    for (int i = 0; i < dimensions; i++) {
      sizes[i] = in.readInt();
      if (sizes[i] < 0) throw new SpyhopException(file + ": a size in it is negative.");
      length *= Math.max(1, sizes[i]);
      if (length > Integer.MAX_VALUE - 8) {
        throw new SpyhopException(file + ": it claims to hold more than 2 GB.");
      }
    }
    if (Arrays.stream(sizes).anyMatch(s -> s == 0)) length = 0;
    byte[] values = in.readNBytes((int) length);
    if (values.length < length) throw new EOFException();
    if (in.read() >= 0) throw new SpyhopException(file + ": it goes on after its last value.");
    return new IdxFile(sizes, values);
  }
}
