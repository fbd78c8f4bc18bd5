package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.TiffDecoder;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.tiff.TiffFile;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;

/**
 * A 32-bit image of any dimensions that is read part by part. Several threads may read. Close it to
 * close its file.
 */
public interface FloatStack extends AutoCloseable {

  /** How many there are of each. */
  record Size(int width, int height, int channels, int slices, int frames) {

    /**
     * Planes in all: one for each channel, slice and time point.
     *
     * @throws ArithmeticException if they are more than 2^31 - 1
     */
    public int planes() {
      return Math.multiplyExact(Math.multiplyExact(channels, slices), frames);
    }

    /** Bytes of the pixels. */
    public long bytes() {
      return Math.multiplyExact(4L * width * height, (long) planes());
    }

    /** Number of a plane, from 0; all numbers that are given are from 1. */
    public int index(int channel, int z, int t) {
      return ((t - 1) * slices + z - 1) * channels + channel - 1;
    }
  }

  /** What messages call it. */
  String name();

  /** Columns, rows, channels, slices and time points. */
  Size size();

  /** The text that ImageJ keeps with it; empty if there is none. */
  String info();

  /**
   * A rectangle of a plane.
   *
   * @param channel from 1
   * @param z slice, from 1
   * @param t time point, from 1
   * @return row by row
   */
  float[] read(int channel, int z, int t, int x, int y, int w, int h);

  @Override
  void close();

  /**
   * An open image.
   *
   * @throws SpyhopException if it is not of 32 bits
   */
  static FloatStack of(ImagePlus image) {
    if (image.getBitDepth() != 32) {
      throw new SpyhopException(
          image.getTitle()
              + ": expected a 32-bit image, received "
              + image.getBitDepth()
              + " bits.");
    }
    return new OfImage(image);
  }

  /**
   * A file, as a rule read where it lies.
   *
   * @throws SpyhopException if it is missing, damaged, or not of 32 bits
   */
  static FloatStack open(Path file) {
    try {
      Optional<FloatStack> plain = OfFile.open(file);
      if (plain.isPresent()) return plain.get();
    } catch (IOException e) {
      // told by who opens any image
    }
    return of(ImageFiles.open(file));
  }

  /** In memory, or what ImageJ reads when it is asked for. */
  record OfImage(ImagePlus image) implements FloatStack {

    @Override
    public String name() {
      return image.getTitle();
    }

    @Override
    public Size size() {
      return new Size(
          image.getWidth(),
          image.getHeight(),
          image.getNChannels(),
          image.getNSlices(),
          image.getNFrames());
    }

    @Override
    public String info() {
      String info = image.getInfoProperty();
      return info == null ? "" : info;
    }

    @Override
    public float[] read(int channel, int z, int t, int x, int y, int w, int h) {
      ImageProcessor plane = image.getStack().getProcessor(image.getStackIndex(channel, z, t));
      float[] pixels = (float[]) ((FloatProcessor) plane).getPixels();
      float[] part = new float[Math.multiplyExact(w, h)];
      for (int j = 0; j < h; j++) {
        System.arraycopy(pixels, (y + j) * image.getWidth() + x, part, j * w, w);
      }
      return part;
    }

    @Override
    public void close() {}
  }

  /** A file whose planes follow each other uncompressed. */
  record OfFile(Path file, Size size, String info, long start, ByteOrder order, FileChannel channel)
      implements FloatStack {

    /** Nothing for other files. */
    static Optional<FloatStack> open(Path file) throws IOException {
      if (!TiffImages.isWhole(file)) return Optional.empty();
      try (TiffFile tiff = TiffFile.open(file)) {
        if (!ImageJTiff.reads(tiff, tiff.pages())) return Optional.empty();
      }
      Path absolute = file.toAbsolutePath();
      FileInfo[] infos =
          new TiffDecoder(FileNames.folder(absolute) + File.separator, FileNames.last(absolute))
              .getTiffInfo();
      if (infos == null || infos.length != 1) return Optional.empty();
      FileInfo f = infos[0];
      if (f.fileType != FileInfo.GRAY32_FLOAT || f.compression > FileInfo.COMPRESSION_NONE) {
        return Optional.empty();
      }
      boolean strips = f.stripOffsets != null && f.stripOffsets.length > 1;
      if (strips || f.getGap() != 0) return Optional.empty();
      Size size = size(f);
      if (size.planes() != Math.max(1, f.nImages)) return Optional.empty();
      if (f.getOffset() + size.bytes() > Files.size(file)) throw new EOFException();
      return Optional.of(
          new OfFile(
              file,
              size,
              f.info == null ? "" : f.info,
              f.getOffset(),
              f.intelByteOrder ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN,
              FileChannel.open(file)));
    }

    private static Size size(FileInfo f) {
      String text = f.description == null ? "" : f.description;
      return new Size(
          f.width,
          f.height,
          number(text, "channels"),
          number(text, "slices"),
          number(text, "frames"));
    }

    private static int number(String description, String key) {
      return description
          .lines()
          .filter(l -> l.matches(key + "=\\d{1,6}"))
          .mapToInt(l -> Integer.parseInt(l.substring(key.length() + 1)))
          .filter(n -> n > 0)
          .findFirst()
          .orElse(1);
    }

    @Override
    public String name() {
      return FileNames.last(file);
    }

    @Override
    public float[] read(int channelNumber, int z, int t, int x, int y, int w, int h) {
      float[] part = new float[Math.multiplyExact(w, h)];
      ByteBuffer row = ByteBuffer.allocate(4 * w).order(order);
      long plane = start + 4L * size.width() * size.height() * size.index(channelNumber, z, t);
      try {
        for (int j = 0; j < h; j++) {
          row.clear();
          long at = plane + 4 * ((long) (y + j) * size.width() + x);
          while (row.hasRemaining()) {
            if (channel.read(row, at + row.position()) < 0) throw new EOFException();
          }
          row.flip();
          row.asFloatBuffer().get(part, j * w, w);
        }
      } catch (IOException e) {
        throw new SpyhopException(file + " cannot be read: " + AtomicFile.reason(e) + ".", e);
      }
      return part;
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // it was only read
      }
    }
  }
}
