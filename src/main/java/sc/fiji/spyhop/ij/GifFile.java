package sc.fiji.spyhop.ij;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What there has to be in a GIF, by its blocks (GIF89a).
 *
 * @param frames pictures in it
 * @param fills whether the first covers the screen
 */
record GifFile(int frames, boolean fills) {

  private static final int MAX_FRAMES = 1_000_000;

  /**
   * Walks over all blocks.
   *
   * @throws EOFException if the file ends before its end is marked
   * @throws IOException if it is no GIF
   */
  static GifFile read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      in.skipNBytes(6);
      int width = little(in);
      int height = little(in);
      skipTable(in, in.readUnsignedByte(), 2);
      int frames = 0;
      boolean fills = true;
      while (true) {
        int block = in.readUnsignedByte();
        if (block == 0x3B) return new GifFile(frames, fills);
        if (block == 0x21) {
          in.readUnsignedByte();
        } else if (block == 0x2C) {
          boolean whole =
              little(in) == 0 & little(in) == 0 & little(in) == width & little(in) == height;
          if (frames == 0) fills = whole;
          if (++frames > MAX_FRAMES) throw new IOException("it has over a million frames");
          skipTable(in, in.readUnsignedByte(), 0);
          in.readUnsignedByte();
        } else if (block == 0) {
          continue;
        } else {
          throw new IOException("it has a block of no known kind");
        }
        for (int n = in.readUnsignedByte(); n > 0; n = in.readUnsignedByte()) in.skipNBytes(n);
      }
    }
  }

  private static int little(DataInputStream in) throws IOException {
    return in.readUnsignedByte() | in.readUnsignedByte() << 8;
  }

  private static void skipTable(DataInputStream in, int flags, int more) throws IOException {
    in.skipNBytes(more);
    if ((flags & 0x80) != 0) in.skipNBytes(3L << (flags & 7) + 1);
  }
}
