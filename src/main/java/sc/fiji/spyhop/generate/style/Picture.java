package sc.fiji.spyhop.generate.style;

import java.util.function.IntUnaryOperator;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.real.FloatType;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.util.Strings;

/**
 * An image whose darkest possible pixels are 0 and the brightest 1.
 *
 * @param values red, green and blue, or grey, each row by row
 * @param low pixel value that is 0
 * @param high pixel value that is 1
 */
record Picture(
    String name,
    int width,
    int height,
    float[] values,
    double low,
    double high,
    Kind kind,
    PixelSize pixelSize) {

  /** What pixels are. */
  enum Kind {
    BYTES,
    SHORTS,
    FLOATS
  }

  private static final int MAX_BYTE = 255;
  private static final int MAX_SHORT = 65_535;

  int channels() {
    return values.length / (width * height);
  }

  /**
   * Of a frame of one or three channels. In 8 bits 0 to 255 become 0 to 1, otherwise the smallest
   * and the largest value that occur.
   *
   * @param size longer side in pixels, if the frame's is longer; 0 for that of the frame
   * @throws SpyhopException if a pixel is not a finite number
   */
  static Picture of(Frame frame, int size) {
    int longer = Math.max(frame.width(), frame.height());
    double scale = size == 0 || size >= longer ? 1 : (double) size / longer;
    int w = (int) Math.max(1, Math.round(scale * frame.width()));
    int h = (int) Math.max(1, Math.round(scale * frame.height()));
    float[] values = new Resize.Stretch(w, h, Interpolation.ANTIALIASED).read(frame);
    int bits = frame.pixels().getType().getBitsPerPixel();
    Kind kind = kind(frame, bits);
    double low = 0;
    double high = MAX_BYTE;
    if (kind != Kind.BYTES) {
      low = Double.POSITIVE_INFINITY;
      high = Double.NEGATIVE_INFINITY;
      for (float v : values) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    for (float v : values) {
      if (Float.isFinite(v)) continue;
      throw new SpyhopException(
          frame.name() + ": expected pixels that are finite numbers, received " + v + ".");
    }
    if (high <= low) high = low + 1;
    float shift = (float) low;
    float factor = (float) (1 / (high - low));
    for (int i = 0; i < values.length; i++) values[i] = (values[i] - shift) * factor;
    PixelSize own = frame.pixelSize();
    PixelSize pixel =
        own.isCalibrated()
            ? new PixelSize(
                own.width() * frame.width() / w, own.height() * frame.height() / h, own.unit())
            : own;
    return new Picture(frame.name(), w, h, values, low, high, kind, pixel);
  }

  private static Kind kind(Frame frame, int bits) {
    if (frame.pixels().getType() instanceof UnsignedByteType) return Kind.BYTES;
    return frame.pixels().getType() instanceof FloatType || bits > Short.SIZE
        ? Kind.FLOATS
        : Kind.SHORTS;
  }

  /** The same with other values. */
  Picture with(float[] other) {
    return new Picture(name, width, height, other, low, high, kind, pixelSize);
  }

  /** The same, grey in all three colours where it was grey. */
  Picture inColor() {
    if (channels() == 3) return this;
    int plane = width * height;
    float[] all = new float[3 * plane];
    for (int c = 0; c < 3; c++) System.arraycopy(values, 0, all, c * plane, plane);
    return with(all);
  }

  /** As an image: in colours of 8 bits, or in grey as deep as it was. */
  Frame frame() {
    int n = values.length;
    boolean bytes = channels() == 3 || kind == Kind.BYTES;
    if (!bytes && kind == Kind.FLOATS) {
      float[] floats = new float[n];
      for (int i = 0; i < n; i++) floats[i] = (float) (low + clipped(i) * (high - low));
      return framed(ArrayImgs.floats(floats, width, height, channels()));
    }
    double from = channels() == 3 ? 0 : low;
    double range = channels() == 3 ? MAX_BYTE : high - low;
    IntUnaryOperator whole = i -> (int) Math.round(from + clipped(i) * range);
    if (bytes) {
      byte[] all = new byte[n];
      for (int i = 0; i < n; i++) all[i] = (byte) whole.applyAsInt(i);
      return framed(ArrayImgs.unsignedBytes(all, width, height, channels()));
    }
    short[] all = new short[n];
    for (int i = 0; i < n; i++) {
      all[i] = (short) Math.max(0, Math.min(MAX_SHORT, whole.applyAsInt(i)));
    }
    return framed(ArrayImgs.unsignedShorts(all, width, height, channels()));
  }

  private double clipped(int i) {
    return Math.max(0, Math.min(1, values[i]));
  }

  private Frame framed(
      net.imglib2.RandomAccessibleInterval<? extends net.imglib2.type.numeric.RealType<?>> all) {
    return new Frame(name, all, pixelSize);
  }

  /** Refuses what is too small for a network. */
  void requireSize(int smallest) {
    if (width >= smallest && height >= smallest) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected an image of at least %d x %d pixels for this network, received %d x %d.",
            name, smallest, smallest, width, height));
  }
}
