package sc.fiji.spyhop.model;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * A small picture that shows what a model is for, as a PNG file of at most {@value #MAX_SIDE}
 * pixels a side. Pictures of strangers are decoded, made smaller and written anew.
 */
public final class Cover {

  /** Most bytes of one. */
  static final int MAX_BYTES = 512 << 10;

  private static final int MAX_SIDE = 512;

  /** Longer side of one that is made here, in pixels. */
  private static final int SIDE = 256;

  private static final long MAX_FOREIGN_BYTES = 32L << 20;
  private static final long MAX_FOREIGN_PIXELS = 100_000_000;

  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /** Where a PNG file tells width and height. */
  private static final int SIZES = 16;

  private final byte[] png;
  private final int width;
  private final int height;

  private Cover(byte[] png, int width, int height) {
    this.png = png;
    this.width = width;
    this.height = height;
  }

  /**
   * One that was written before.
   *
   * @throws SpyhopException if it is no PNG file, or larger than such pictures are
   */
  static Cover of(byte[] png) {
    boolean isPng =
        png.length > SIZES + 2 * Integer.BYTES
            && png.length <= MAX_BYTES
            && Arrays.equals(png, 0, PNG.length, PNG, 0, PNG.length);
    ByteBuffer sizes = ByteBuffer.wrap(png);
    int width = isPng ? sizes.getInt(SIZES) : 0;
    int height = isPng ? sizes.getInt(SIZES + Integer.BYTES) : 0;
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new SpyhopException(
          Strings.format(
              "expected a picture in PNG of at most %d x %d pixels and %d kB.",
              MAX_SIDE, MAX_SIDE, MAX_BYTES >> 10));
    }
    return new Cover(png.clone(), width, height);
  }

  /** A picture, made small; what is transparent becomes white. */
  public static Cover of(BufferedImage picture) {
    double scale = Math.min(1, (double) SIDE / Math.max(picture.getWidth(), picture.getHeight()));
    int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
    BufferedImage small = picture;
    while (small.getWidth() >= 2 * width && small.getHeight() >= 2 * height) {
      small = drawn(small, small.getWidth() / 2, small.getHeight() / 2);
    }
    small = drawn(small, width, height);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(small, "png", stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Cover(out.toByteArray(), width, height);
  }

  private static BufferedImage drawn(BufferedImage picture, int width, int height) {
    BufferedImage drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D on = drawn.createGraphics();
    on.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    on.drawImage(picture, 0, 0, width, height, Color.WHITE, null);
    on.dispose();
    return drawn;
  }

  /**
   * The picture in a file of somebody else, made small.
   *
   * @param file PNG, JPEG, GIF or BMP
   * @return nothing if it is none of these, or too large to be looked at
   */
  public static Optional<Cover> read(Path file) {
    try {
      if (Files.size(file) > MAX_FOREIGN_BYTES) return Optional.empty();
      return decoded(Files.readAllBytes(file)).map(Cover::of);
    } catch (IOException | RuntimeException e) { // decoders throw all kinds at damaged files
      return Optional.empty();
    }
  }

  private static Optional<BufferedImage> decoded(byte[] bytes) throws IOException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) return Optional.empty();
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > MAX_FOREIGN_PIXELS) return Optional.empty();
        ImageReadParam some = reader.getDefaultReadParam();
        int step = Math.max(1, Math.max(width, height) / (4 * SIDE));
        some.setSourceSubsampling(step, step, 0, 0);
        return Optional.of(reader.read(0, some));
      } finally {
        reader.dispose();
      }
    }
  }

  /**
   * The picture.
   *
   * @return nothing if its file is damaged
   */
  public Optional<BufferedImage> image() {
    try {
      return decoded(png);
    } catch (IOException | RuntimeException e) { // decoders throw all kinds at damaged files
      return Optional.empty();
    }
  }

  /** A copy of the PNG file. */
  public byte[] png() {
    return png.clone();
  }

  /** In pixels. */
  public int width() {
    return width;
  }

  /** In pixels. */
  public int height() {
    return height;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cover cover && Arrays.equals(png, cover.png);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(png);
  }

  @Override
  public String toString() {
    return width + " x " + height + " pixels";
  }
}
