package sc.fiji.spyhop.dataset;

import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * Brings images to one size of objects, so that a network has to know one size only: each is
 * resized such that the median diameter of its objects is a given one.
 *
 * @param diameter that the median object gets, in pixels
 * @param ignored labels that are no objects, besides 0
 */
public record CommonSize(double diameter, IntPredicate ignored) {

  /** Most that an image is reduced or enlarged by. */
  private static final double MAX_FACTOR = 16;

  /** Largest side of a resized image. */
  private static final int MAX_SIDE = 4096;

  /** The images, resized when they are read; those without objects stay as they are. */
  public Dataset<LabelMap> of(Dataset<LabelMap> images) {
    return images.map(this::of);
  }

  private Sample<LabelMap> of(Sample<LabelMap> sample) {
    OptionalDouble median = Diameters.of(sample.truth(), ignored).median();
    if (median.isEmpty()) return sample;
    double factor = Math.max(1 / MAX_FACTOR, Math.min(MAX_FACTOR, diameter / median.getAsDouble()));
    Frame frame = sample.frame();
    int longest = Math.max(frame.width(), frame.height());
    factor = Math.min(factor, Math.max(1, (double) MAX_SIDE / longest));
    int width = side(frame.width(), factor);
    int height = side(frame.height(), factor);
    if (width == frame.width() && height == frame.height()) return sample;
    return new Sample<>(resized(frame, width, height), resized(sample.truth(), width, height));
  }

  /** What an image is resized by whose median object has some diameter. */
  double factor(double median) {
    return Math.max(1 / MAX_FACTOR, Math.min(MAX_FACTOR, diameter / median));
  }

  private static int side(int pixels, double factor) {
    return Math.max(1, (int) Math.rint(pixels * factor));
  }

  private static Frame resized(Frame frame, int width, int height) {
    float[] values = new Resize.Stretch(width, height, Interpolation.ANTIALIASED).read(frame);
    PixelSize size = frame.pixelSize();
    return new Frame(
        frame.name(),
        ArrayImgs.floats(values, width, height, frame.channels()),
        size.isCalibrated()
            ? new PixelSize(
                size.width() * frame.width() / width,
                size.height() * frame.height() / height,
                size.unit())
            : size);
  }

  /** Nearest neighbour. */
  private static LabelMap resized(LabelMap labels, int width, int height) {
    LabelMap result = new LabelMap(width, height);
    for (int y = 0, i = 0; y < height; y++) {
      int v = (int) ((y + 0.5) * labels.height() / height);
      for (int x = 0; x < width; x++, i++) {
        result.set(i, labels.get((int) ((x + 0.5) * labels.width() / width), v));
      }
    }
    return result;
  }
}
