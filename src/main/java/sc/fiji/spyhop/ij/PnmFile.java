package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ShortProcessor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * PBM, PGM and PPM, as text or binary, of 1 to 16 bits (netpbm, P1 to P6). Values are those stored,
 * whatever their maximum; of one bit, 0 is white, 255, and 1 black, 0.
 */
final class PnmFile {

  private static final int MAX_SIZE = 1 << 24;

  private final InputStream in;

  private PnmFile(InputStream in) {
    this.in = in;
  }

  /**
   * Opens a file.
   *
   * @throws EOFException if it ends before its pixels do
   * @throws IOException if it is no such file
   */
  static ImagePlus open(Path file, long memory) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return new PnmFile(in).read(file, memory);
    }
  }

  private ImagePlus read(Path file, long memory) throws IOException {
    if (in.read() != 'P') throw new IOException("no PNM");
    int kind = in.read() - '0';
    int width = number();
    int height = number();
    boolean bits = kind == 1 || kind == 4;
    int max = bits ? 1 : number();
    if (width < 1 || height < 1) {
      throw new SpyhopException(
          Strings.format(
              "%s is empty: expected at least one pixel, received %d x %d.", file, width, height));
    }
    if (max < 1 || max > 65_535) throw new IOException("its maximum is " + max);
    int samples = kind == 3 || kind == 6 ? 3 : 1;
    long size = (long) width * height;
    long stored =
        kind == 4 ? (width + 7L) / 8 * height : size * samples * (kind > 3 && max > 255 ? 2 : 1);
    if (stored > Files.size(file)) throw new EOFException();
    if (size > Integer.MAX_VALUE - 8 || size * 2 * samples > memory) {
      throw new IOException(
          Strings.format("its %d x %d pixels do not fit into memory", width, height));
    }
    ImagePlus image = kind == 4 ? bitmap(width, height) : planes(width, height, samples, kind, max);
    if (kind > 3 && in.read() == 'P') {
      throw new SpyhopException(
          file + " has several images, one after the other. Save them one by one.");
    }
    return image;
  }

  private ImagePlus bitmap(int width, int height) throws IOException {
    byte[] values = new byte[width * height];
    byte[] row = new byte[(width + 7) / 8];
    for (int y = 0; y < height; y++) {
      if (in.readNBytes(row, 0, row.length) < row.length) throw new EOFException();
      for (int x = 0; x < width; x++) {
        values[y * width + x] = (byte) ((row[x / 8] >> (7 - x % 8) & 1) == 0 ? 255 : 0);
      }
    }
    return new ImagePlus("", new ByteProcessor(width, height, values, null));
  }

  private ImagePlus planes(int width, int height, int samples, int kind, int max)
      throws IOException {
    short[][] values = new short[samples][width * height];
    for (int i = 0; i < width * height; i++) {
      for (int s = 0; s < samples; s++) values[s][i] = (short) sample(kind, max);
    }
    if (samples == 3 && max <= 255) {
      int[] colors = new int[width * height];
      for (int i = 0; i < colors.length; i++) {
        colors[i] = values[0][i] << 16 | values[1][i] << 8 | values[2][i];
      }
      return new ImagePlus("", new ColorProcessor(width, height, colors));
    }
    if (samples == 1 && max <= 255) {
      byte[] bytes = new byte[width * height];
      for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) values[0][i];
      return new ImagePlus("", new ByteProcessor(width, height, bytes, null));
    }
    if (samples == 1) return new ImagePlus("", new ShortProcessor(width, height, values[0], null));
    ImageStack stack = new ImageStack(width, height);
    String[] names = {"Red", "Green", "Blue"};
    for (int c = 0; c < 3; c++) stack.addSlice(names[c], values[c]);
    ImagePlus image = new ImagePlus("", stack);
    image.setDimensions(3, 1, 1);
    return new CompositeImage(image, CompositeImage.COMPOSITE);
  }

  private int sample(int kind, int max) throws IOException {
    if (kind == 1) return bit();
    if (kind == 2 || kind == 3) return upTo(max, number());
    int value = byteThere();
    return upTo(max, max > 255 ? value << 8 | byteThere() : value);
  }

  private static int upTo(int max, int value) throws IOException {
    if (value > max) {
      throw new IOException(
          Strings.format("it says that its maximum is %d, but has %d", max, value));
    }
    return value;
  }

  private int bit() throws IOException {
    int c = skipSpace();
    if (c != '0' && c != '1') throw new IOException("its bits are not 0 and 1");
    return c == '0' ? 255 : 0;
  }

  /** A number, with the one white space after it. */
  private int number() throws IOException {
    int value = 0;
    int c = skipSpace();
    int digits = 0;
    for (; c >= '0' && c <= '9'; c = in.read(), digits++) {
      value = value * 10 + c - '0';
      if (value > MAX_SIZE) throw new IOException("a number in it is too large");
    }
    if (digits == 0) throw new IOException("a number is missing in it");
    if (c == '#') while (c >= 0 && c != '\n') c = in.read();
    return value;
  }

  private int skipSpace() throws IOException {
    int c = byteThere();
    while (c == '#' || c <= ' ') {
      if (c == '#') while (c != '\n' && c != '\r') c = byteThere();
      c = byteThere();
    }
    return c;
  }

  private int byteThere() throws IOException {
    int c = in.read();
    if (c < 0) throw new EOFException();
    return c;
  }
}
