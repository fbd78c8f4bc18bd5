package sc.fiji.spyhop.ij;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.util.Strings;

/**
 * What is in a GIF, by its blocks (GIF89a); pixels are not unpacked yet.
 *
 * @param width columns of the screen
 * @param height rows of the screen
 * @param background colour of the screen where no picture is, with its transparency; white if the
 *     file tells none
 * @param frames pictures, each of which may cover a part of the screen
 */
record GifFile(int width, int height, int background, List<Frame> frames) {

  private static final int MAX_FRAMES = 1_000_000;
  private static final int WHITE = 0xFFFFFFFF;
  private static final int BLACK = 0xFF000000;

  /** What becomes of a picture before the next one: {@code Disposal Method}. */
  static final int TO_BACKGROUND = 2;

  static final int TO_PREVIOUS = 3;

  /** What stands in front of a picture about it: {@code Graphic Control Extension}. */
  private record Control(int disposal, int transparent) {}

  /**
   * One picture.
   *
   * @param palette colours, alpha in front
   * @param disposal what becomes of it before the next one
   * @param transparent the number that is no colour; -1 if there is none
   * @param codeSize bits of a number
   * @param data packed numbers
   */
  record Frame(
      int left,
      int top,
      int width,
      int height,
      boolean interlaced,
      int[] palette,
      int disposal,
      int transparent,
      int codeSize,
      byte[] data) {

    /**
     * Unpacks the numbers, row by row.
     *
     * @throws IOException if there are fewer than there have to be, or one has no colour
     */
    byte[] numbers() throws IOException {
      byte[] packed = GifLzw.expand(data, codeSize, width * height);
      Palettes.requireEntries(packed, palette.length, transparent);
      if (!interlaced) return packed;
      byte[] rows = new byte[packed.length];
      int row = 0;
      int[] starts = {0, 4, 2, 1};
      int[] steps = {8, 8, 4, 2};
      for (int pass = 0; pass < 4; pass++) {
        for (int y = starts[pass]; y < height; y += steps[pass]) {
          System.arraycopy(packed, row++ * width, rows, y * width, width);
        }
      }
      return rows;
    }
  }

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
      int flags = in.readUnsignedByte();
      int index = in.readUnsignedByte();
      in.skipNBytes(1);
      int[] palette = (flags & 0x80) == 0 ? new int[0] : palette(in, flags);
      int background =
          palette.length == 0 ? WHITE : index < palette.length ? palette[index] : BLACK;
      List<Frame> frames = new ArrayList<>();
      Control control = new Control(0, -1);
      while (true) {
        int block = in.readUnsignedByte();
        if (block == 0x3B) {
          for (Frame f : frames) {
            width = Math.max(width, f.left + f.width);
            height = Math.max(height, f.top + f.height);
          }
          return new GifFile(width, height, background, List.copyOf(frames));
        }
        if (block == 0x21) {
          boolean graphic = in.readUnsignedByte() == 0xF9;
          byte[] data = data(in);
          if (graphic) control = control(data);
        } else if (block == 0x2C) {
          if (frames.size() == MAX_FRAMES) throw new IOException("it has over a million frames");
          frames.add(frame(in, palette, control));
          control = new Control(0, -1);
        } else if (block != 0) {
          throw new IOException("it has a block of no known kind");
        }
      }
    }
  }

  private static Control control(byte[] data) throws IOException {
    if (data.length < 4) throw new IOException("its Graphic Control Extension is too short");
    return new Control(data[0] >> 2 & 7, (data[0] & 1) == 0 ? -1 : data[3] & 0xFF);
  }

  private static Frame frame(DataInputStream in, int[] shared, Control control) throws IOException {
    int left = little(in);
    int top = little(in);
    int width = little(in);
    int height = little(in);
    int flags = in.readUnsignedByte();
    int[] palette = (flags & 0x80) == 0 ? shared.clone() : palette(in, flags);
    if (palette.length == 0) throw new IOException("it has a picture without a palette");
    if (control.transparent >= 0 && control.transparent < palette.length) {
      palette[control.transparent] = 0;
    }
    int codeSize = in.readUnsignedByte();
    if (codeSize < 1 || codeSize > 8) {
      throw new IOException(Strings.format("it has numbers of %d bits", codeSize));
    }
    byte[] data = data(in);
    if (width == 0 || height == 0) throw new IOException("it has a picture without pixels");
    if ((long) width * height > GifLzw.maxNumbers(data.length)) {
      throw new IOException(
          Strings.format("%d bytes cannot hold %d x %d pixels", data.length, width, height));
    }
    return new Frame(
        left,
        top,
        width,
        height,
        (flags & 0x40) != 0,
        palette,
        control.disposal,
        control.transparent,
        codeSize,
        data);
  }

  private static int little(DataInputStream in) throws IOException {
    return in.readUnsignedByte() | in.readUnsignedByte() << 8;
  }

  private static int[] palette(DataInputStream in, int flags) throws IOException {
    int[] palette = new int[1 << (flags & 7) + 1];
    Arrays.fill(palette, BLACK);
    for (int i = 0; i < palette.length; i++) {
      for (int shift = 16; shift >= 0; shift -= 8) palette[i] |= in.readUnsignedByte() << shift;
    }
    return palette;
  }

  private static byte[] data(DataInputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int n = in.readUnsignedByte(); n > 0; n = in.readUnsignedByte()) {
      out.writeBytes(in.readNBytes(n));
    }
    return out.toByteArray();
  }
}
