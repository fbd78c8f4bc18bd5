package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * The one image of a FITS file (FITS 4.0), packed with gzip or not, with the values that it says:
 * BZERO + BSCALE times the number stored. The first row stored is the lowest.
 */
final class FitsFile {

  private static final Set<Integer> BITS = Set.of(8, 16, 32, 64, -32, -64);
  private static final int GZIP = 0x1F8B;

  private final FitsHeader header;
  private final int bits;
  private final int width;
  private final int height;
  private final int planes;
  private final double zero;
  private final double scale;

  /** The number stored of pixels without a value, if there may be some. */
  private final Optional<Long> blank;

  private FitsFile(DataInputStream in) throws IOException {
    header = new FitsHeader(in);
    if (!header.has("SIMPLE")) throw new IOException("it is no FITS");
    bits = header.number("BITPIX");
    if (!BITS.contains(bits)) throw new IOException("its BITPIX is " + bits);
    int axes = header.number("NAXIS");
    if (axes < 2 || axes > 3) throw new IOException("its NAXIS is " + axes + ", not 2 or 3");
    width = length(1);
    height = length(2);
    planes = axes == 3 ? length(3) : 1;
    zero = header.fraction("BZERO", 0);
    scale = header.fraction("BSCALE", 1);
    blank = bits > 0 ? blank() : Optional.empty();
  }

  /**
   * Opens all planes as slices.
   *
   * @throws EOFException if the file ends before its pixels do
   * @throws IOException with half a sentence, if it has no image that is read
   * @throws SpyhopException if a pixel has no value, or there is no room for the image
   */
  static ImagePlus open(Path file, long memory) throws IOException {
    boolean packed;
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      packed = in.readUnsignedShort() == GZIP;
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        DataInputStream in = new DataInputStream(packed ? new GZIPInputStream(raw) : raw)) {
      FitsFile fits = new FitsFile(in);
      double stored = (double) fits.width * fits.height * fits.planes * Math.abs(fits.bits) / 8;
      if (!packed && stored > Files.size(file)) throw new EOFException();
      double plane = (double) fits.width * fits.height;
      if (4 * plane * (fits.planes + 1) > memory || plane > Integer.MAX_VALUE - 8) {
        throw new SpyhopException(
            Strings.format(
                "%s does not fit into memory: it has %d planes of %d x %d pixels. %s",
                file, fits.planes, fits.width, fits.height, SpyhopException.MORE_HEAP));
      }
      return fits.open(file, in);
    }
  }

  private ImagePlus open(Path file, DataInputStream in) throws IOException {
    ImageStack stack = new ImageStack(width, height);
    for (int i = 0; i < planes; i++) stack.addSlice("", plane(file, in));
    requireNoMore(file, in);
    ImagePlus image = new ImagePlus("", stack);
    if (bits == 16 && isStored(0)) image.getCalibration().setSigned16BitCalibration();
    return image;
  }

  /** Tables may follow the image, but no further one. */
  private void requireNoMore(Path file, DataInputStream in) throws IOException {
    long left = header.dataBytes() - (long) planes * width * height * (Math.abs(bits) / 8);
    try {
      while (true) {
        in.skipNBytes(left);
        FitsHeader next = new FitsHeader(in);
        if (!next.has("XTENSION")) return;
        if (next.isImage()) {
          throw new SpyhopException(
              file
                  + ": expected a FITS file of one image, received several. Save each as a file of"
                  + " its own.");
        }
        left = next.dataBytes();
      }
    } catch (EOFException e) {
      // That was all.
    }
  }

  private boolean isStored(double expected) {
    return scale == 1 && zero == expected;
  }

  private ImageProcessor plane(Path file, DataInputStream in) throws IOException {
    boolean bytes = bits == 8 && isStored(0);
    // signed, or unsigned as section 4.4.2.5 says: both are stored numbers with 32,768 added
    boolean shorts = bits == 16 && (isStored(0) || isStored(1 << 15));
    byte[] b = new byte[bytes ? width * height : 0];
    short[] s = new short[shorts ? width * height : 0];
    float[] f = new float[bytes || shorts ? 0 : width * height];
    byte[] row = new byte[Math.multiplyExact(width, Math.abs(bits) / 8)];
    for (int y = height - 1; y >= 0; y--) {
      in.readFully(row);
      requireValues(file, row, y);
      ByteBuffer numbers = ByteBuffer.wrap(row);
      for (int at = y * width; at < (y + 1) * width; at++) {
        if (bytes) b[at] = numbers.get();
        else if (shorts) s[at] = (short) (numbers.getShort() + (1 << 15));
        else f[at] = (float) (zero + scale * next(numbers));
      }
    }
    if (bytes) return new ByteProcessor(width, height, b, null);
    return shorts
        ? new ShortProcessor(width, height, s, null)
        : new FloatProcessor(width, height, f, null);
  }

  private void requireValues(Path file, byte[] row, int y) {
    if (blank.isEmpty()) return;
    ByteBuffer numbers = ByteBuffer.wrap(row);
    for (int x = 0; x < width; x++) {
      if (whole(numbers) != blank.get()) continue;
      throw new SpyhopException(
          Strings.format(
              "%s: expected a value for each pixel, received none (BLANK, %d) at column %d, row %d."
                  + " Replace such pixels first.",
              file, blank.get(), x, y));
    }
  }

  private double next(ByteBuffer numbers) {
    return switch (bits) {
      case -32 -> numbers.getFloat();
      case -64 -> numbers.getDouble();
      default -> whole(numbers);
    };
  }

  private long whole(ByteBuffer numbers) {
    return switch (bits) {
      case 8 -> numbers.get() & 0xFF;
      case 16 -> numbers.getShort();
      case 32 -> numbers.getInt();
      default -> numbers.getLong();
    };
  }

  private Optional<Long> blank() throws IOException {
    String value = header.text("BLANK");
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw new IOException("its BLANK is no number", e);
    }
  }

  private int length(int axis) throws IOException {
    int length = header.number("NAXIS" + axis);
    if (length < 1) throw new IOException("its NAXIS" + axis + " is " + length);
    return length;
  }
}
