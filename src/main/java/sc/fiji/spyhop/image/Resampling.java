package sc.fiji.spyhop.image;

import java.util.Arrays;
import net.imglib2.RandomAccess;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** Reads frames through affine maps. */
public final class Resampling {

  /** Values of the frame that are read at once. */
  private static final int BLOCK = 1 << 20;

  /** Samples along one side of a pixel, at most. */
  private static final int MAX_SAMPLES = 32;

  /** Width and height of what is averaged at once. */
  private static final int PART = 64;

  /** Bits of a weight in fixed point. */
  private static final int FRACTION = 22;

  private Resampling() {}

  /**
   * Pixels as a network is shown them. Memory grows with the view and the image's height, not with
   * its area.
   *
   * @param view scales and shifts only
   * @return channel by channel, row by row
   */
  static float[] read(Frame frame, Resize.View view) {
    int w = view.width();
    int h = view.height();
    long length = (long) w * h * frame.channels();
    if (length > Integer.MAX_VALUE - 8) {
      throw new SpyhopException(
          Strings.format(
              "%s: %d x %d pixels in %d channels are too many to be seen at once.",
              frame.name(), w, h, frame.channels()));
    }
    float[] out = new float[(int) length];
    FloatBlocks blocks = new FloatBlocks(frame);
    if (view.toImage().equals(Affine.IDENTITY) && w == frame.width() && h == frame.height()) {
      blocks.readAll(out);
      return out;
    }
    Affine a = view.toImage();
    Kernel columns = Kernel.of(w, frame.width(), a.xx(), a.x0(), view);
    Kernel rows = Kernel.of(h, frame.height(), a.yy(), a.y0(), view);
    int sourceRows = rows.last - rows.first;
    int sourceColumns = columns.last - columns.first;
    if (sourceRows <= 0 || sourceColumns <= 0) {
      Arrays.fill(out, (float) view.fill());
      return out;
    }
    float[] narrow = new float[Math.multiplyExact(sourceRows, w)];
    int band = Math.max(1, Math.min(sourceRows, BLOCK / sourceColumns));
    float[] block = new float[Math.multiplyExact(band, sourceColumns)];
    boolean rounded =
        view.interpolation() == Interpolation.ANTIALIASED_ROUNDED
            && frame.pixels().getType() instanceof IntegerType;
    for (int c = 0; c < frame.channels(); c++) {
      for (int y = 0; y < sourceRows; y += band) {
        int n = Math.min(band, sourceRows - y);
        blocks.read(columns.first, rows.first + y, c, sourceColumns, n, block);
        for (int r = 0; r < n; r++) {
          columns.alongRow(block, r * sourceColumns, narrow, (y + r) * w, rounded);
        }
      }
      rows.alongColumns(narrow, w, out, c * w * h, rounded);
      fillBeyond(out, c * w * h, view, columns, rows);
    }
    return out;
  }

  private static void fillBeyond(
      float[] out, int at, Resize.View view, Kernel columns, Kernel rows) {
    for (int y = 0; y < view.height(); y++) {
      for (int x = 0; x < view.width(); x++, at++) {
        if (columns.isBeyond(x) || rows.isBeyond(y)) out[at] = (float) view.fill();
      }
    }
  }

  /**
   * Which pixels make an output pixel, along one dimension.
   *
   * @param first source pixel that is needed at all
   * @param last source pixel after the last that is needed
   * @param from for each output pixel its first source pixel, relative to {@code first}
   * @param weights for each output pixel; none: it lies beyond the image
   */
  private record Kernel(int first, int last, int[] from, double[][] weights) {

    static Kernel of(int length, int available, double scale, double shift, Resize.View view) {
      Interpolation kind = view.interpolation();
      boolean repeat = Double.isNaN(view.fill());
      int[] from = new int[length];
      double[][] weights = new double[length][];
      double wide = kind.isAntialiased() ? Math.max(1, scale) : 1;
      int first = available;
      int last = 0;
      for (int i = 0; i < length; i++) {
        double centre = (i + 0.5) * scale + shift;
        if (repeat) centre = Math.max(0.5, Math.min(available - 0.5, centre));
        if (centre < 0 || centre >= available) {
          weights[i] = new double[0];
          continue;
        }
        if (kind == Interpolation.NEAREST) {
          from[i] = (int) centre;
          weights[i] = new double[] {1};
        } else {
          int low = Math.max(0, (int) (centre - wide + 0.5));
          int high = Math.min(available, (int) (centre + wide + 0.5));
          weights[i] = triangle(low, high, centre, wide);
          from[i] = low;
        }
        first = Math.min(first, from[i]);
        last = Math.max(last, from[i] + weights[i].length);
      }
      for (int i = 0; i < length; i++) from[i] -= first;
      return new Kernel(first, last, from, weights);
    }

    private static double[] triangle(int low, int high, double centre, double wide) {
      double[] w = new double[high - low];
      double sum = 0;
      for (int k = 0; k < w.length; k++) {
        w[k] = Math.max(0, 1 - Math.abs((low + k - centre + 0.5) / wide));
        sum += w[k];
      }
      for (int k = 0; k < w.length; k++) w[k] /= sum;
      return w;
    }

    boolean isBeyond(int i) {
      return weights[i].length == 0;
    }

    void alongRow(float[] source, int at, float[] to, int toAt, boolean rounded) {
      for (int i = 0; i < weights.length; i++) {
        double[] w = weights[i];
        int start = at + from[i];
        if (rounded) {
          to[toAt + i] = whole(w, source, start, 1);
          continue;
        }
        float sum = 0;
        for (int k = 0; k < w.length; k++) sum += (float) w[k] * source[start + k];
        to[toAt + i] = sum;
      }
    }

    void alongColumns(float[] source, int width, float[] to, int toAt, boolean rounded) {
      for (int i = 0; i < weights.length; i++) {
        double[] w = weights[i];
        int row = toAt + i * width;
        if (rounded) {
          for (int x = 0; x < width; x++) {
            to[row + x] = whole(w, source, from[i] * width + x, width);
          }
          continue;
        }
        Arrays.fill(to, row, row + width, 0);
        for (int k = 0; k < w.length; k++) {
          int start = (from[i] + k) * width;
          float weight = (float) w[k];
          for (int x = 0; x < width; x++) to[row + x] += weight * source[start + x];
        }
      }
    }

    /** Weighted mean of whole numbers, itself rounded; weights in fixed point, as Pillow's. */
    private static float whole(double[] w, float[] source, int start, int step) {
      if (w.length == 0) return 0;
      long sum = 1L << (FRACTION - 1);
      for (int k = 0, at = start; k < w.length; k++, at += step) {
        sum += Math.round(w[k] * (1L << FRACTION)) * (long) source[at];
      }
      return sum >> FRACTION;
    }
  }

  /**
   * A piece of an image seen through any affine map, such as a rotated rectangle: bilinear, one
   * sample a pixel, so the map should not shrink; what lies beyond the image is mirrored (edge
   * pixels not repeated).
   *
   * @param toImage from the piece to the image
   * @param width of the piece
   * @param height of the piece
   * @return 32-bit pixels, all channels
   */
  public static Frame piece(Frame frame, Affine toImage, int width, int height) {
    FloatBlocks blocks = new FloatBlocks(frame);
    int[] box = box(toImage, width, height);
    int boxWidth = box[2];
    int boxHeight = box[3];
    float[] source = blocks.readMirrored(box[0], box[1], boxWidth, boxHeight);
    int plane = Math.multiplyExact(width, height);
    float[] out = new float[Math.multiplyExact(plane, frame.channels())];
    for (int j = 0, at = 0; j < height; j++) {
      for (int i = 0; i < width; i++, at++) {
        double x = toImage.x(i + 0.5, j + 0.5) - 0.5 - box[0];
        double y = toImage.y(i + 0.5, j + 0.5) - 0.5 - box[1];
        int u = (int) Math.floor(x);
        int v = (int) Math.floor(y);
        float fx = (float) (x - u);
        float fy = (float) (y - v);
        for (int c = 0; c < frame.channels(); c++) {
          int p = (c * boxHeight + v) * boxWidth + u;
          float above = source[p] * (1 - fx) + source[p + 1] * fx;
          float below = source[p + boxWidth] * (1 - fx) + source[p + boxWidth + 1] * fx;
          out[c * plane + at] = above * (1 - fy) + below * fy;
        }
      }
    }
    return new Frame(
        frame.name(), ArrayImgs.floats(out, width, height, frame.channels()), frame.pixelSize());
  }

  /**
   * As {@link #piece}, but where the piece is smaller than what it shows, pixels are means of
   * several samples.
   *
   * @param toImage from the piece to the image
   */
  public static Frame averaged(Frame frame, Affine toImage, int width, int height) {
    double scale = Math.sqrt(Math.abs(toImage.determinant()));
    int n = (int) Math.max(1, Math.min(MAX_SAMPLES, Math.ceil(scale - 0.25)));
    if (n == 1) return piece(frame, toImage, width, height);
    int plane = Math.multiplyExact(width, height);
    float[] means = new float[Math.multiplyExact(plane, frame.channels())];
    // part by part, since the samples of all may be too many
    for (int y = 0; y < height; y += PART) {
      for (int x = 0; x < width; x += PART) {
        int w = Math.min(PART, width - x);
        int h = Math.min(PART, height - y);
        Affine part = Affine.scale(1.0 / n, 1.0 / n).then(Affine.translation(x, y)).then(toImage);
        Frame fine = piece(frame, part, n * w, n * h);
        RandomAccess<? extends RealType<?>> pixel = fine.pixels().randomAccess();
        for (int c = 0; c < frame.channels(); c++) {
          for (int j = 0; j < h; j++) {
            for (int i = 0; i < w; i++) {
              double sum = 0;
              for (int v = 0; v < n; v++) {
                for (int u = 0; u < n; u++) {
                  sum += pixel.setPositionAndGet(n * i + u, n * j + v, c).getRealDouble();
                }
              }
              means[c * plane + (y + j) * width + x + i] = (float) (sum / n / n);
            }
          }
        }
      }
    }
    return new Frame(
        frame.name(), ArrayImgs.floats(means, width, height, frame.channels()), frame.pixelSize());
  }

  /** First column and row that are looked at, and how many from there. */
  private static int[] box(Affine toImage, int width, int height) {
    double left = Double.POSITIVE_INFINITY;
    double top = left;
    double right = -left;
    double bottom = -left;
    for (double x : new double[] {0.5, width - 0.5}) {
      for (double y : new double[] {0.5, height - 0.5}) {
        left = Math.min(left, toImage.x(x, y));
        right = Math.max(right, toImage.x(x, y));
        top = Math.min(top, toImage.y(x, y));
        bottom = Math.max(bottom, toImage.y(x, y));
      }
    }
    int x = (int) Math.floor(left - 0.5);
    int y = (int) Math.floor(top - 0.5);
    return new int[] {
      x, y, (int) Math.floor(right - 0.5) + 2 - x, (int) Math.floor(bottom - 0.5) + 2 - y
    };
  }
}
