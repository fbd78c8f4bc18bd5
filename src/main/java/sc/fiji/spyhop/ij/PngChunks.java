package sc.fiji.spyhop.ij;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** The parts of a PNG (PNG 1.2, section 3), whose checksums Java does not look at. */
final class PngChunks {

  private PngChunks() {}

  /**
   * Looks whether all chunks without which an image cannot be shown are as they were written.
   *
   * @return entries of the palette, which Java fills up; 256 if there is none
   * @throws SpyhopException if there are further images behind the first (APNG)
   * @throws EOFException if the file ends before its end is marked
   * @throws IOException if a checksum differs
   */
  static int check(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      in.skipNBytes(8);
      byte[] buffer = new byte[1 << 14];
      byte[] type = new byte[4];
      int entries = 256;
      while (true) {
        int length = in.readInt();
        in.readFully(type);
        String name = new String(type, StandardCharsets.ISO_8859_1);
        if (length < 0) throw new IOException("it has a part of no length");
        if (name.equals("IEND")) return entries;
        if (name.equals("PLTE")) entries = length / 3;
        CRC32 crc = new CRC32();
        crc.update(type);
        for (int left = length; left > 0; ) {
          int n = Math.min(left, buffer.length);
          in.readFully(buffer, 0, n);
          if (name.equals("acTL") && n >= 4)
            requireOneImage(file, ByteBuffer.wrap(buffer).getInt());
          crc.update(buffer, 0, n);
          left -= n;
        }
        boolean critical = type[0] >= 'A' && type[0] <= 'Z';
        if (in.readInt() != (int) crc.getValue() && critical) {
          throw new IOException(Strings.format("the checksum of its %s differs", name));
        }
      }
    }
  }

  private static void requireOneImage(Path file, int images) {
    if (images == 1) return;
    throw new SpyhopException(
        Strings.format(
            "%s is an animated PNG of %d images. Save them as a TIFF stack, or one by one.",
            file, images & 0xFFFFFFFFL));
  }
}
