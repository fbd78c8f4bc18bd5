package sc.fiji.spyhop.dataset;

import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * Brings images to one size of objects, so that a network has to know one size only: each is
 * resized such that the median diameter of its objects is a given one. Their pixel sizes then say
 * nothing of how large things look, and are left out.
 *
 * @param diameter that the median object gets, in pixels
 * @param ignored labels that are no objects, besides 0
 */
public record CommonSize(double diameter, IntPredicate ignored) {

  /** Maximum factor that an image is reduced or enlarged by. */
  private static final double MAX_FACTOR = 16;

  /** Images are not enlarged beyond this width and height, in pixels. */
  private static final int MAX_ENLARGED = 4096;

  /** The images, resized when they are read; those without objects keep their pixels. */
  public Dataset<LabelMap> of(Dataset<LabelMap> images) {
    return images.map(this::of);
  }

  /** The same of both parts. */
  public Split<LabelMap> of(Split<LabelMap> split) {
    return new Split<>(of(split.train()), of(split.validation()));
  }

  private Sample<LabelMap> of(Sample<LabelMap> sample) {
    Frame frame = uncalibrated(sample.frame());
    Sample<LabelMap> same = new Sample<>(frame, sample.truth());
    OptionalDouble median = Diameters.of(sample.truth(), ignored).median();
    if (median.isEmpty()) return same;
    ImageSize size = new ImageSize(frame.width(), frame.height());
    double factor = factor(median.getAsDouble(), size);
    int width = side(size.width(), factor);
    int height = side(size.height(), factor);
    if (new ImageSize(width, height).equals(size)) return same;
    return new Sample<>(resized(frame, width, height), resized(sample.truth(), width, height));
  }

  private static Frame uncalibrated(Frame frame) {
    return new Frame(
        frame.name(), frame.pixels(), PixelSize.UNCALIBRATED, frame.measured(), frame.origin());
  }

  /** What an image of some size is resized by whose median object has some diameter. */
  double factor(double median, ImageSize image) {
    double enlarged = (double) MAX_ENLARGED / Math.max(image.width(), image.height());
    double max = Math.min(MAX_FACTOR, Math.max(1, enlarged));
    return Math.max(1 / MAX_FACTOR, Math.min(max, diameter / median));
  }

  private static int side(int pixels, double factor) {
    return Math.max(1, (int) Math.rint(pixels * factor));
  }

  private static Frame resized(Frame frame, int width, int height) {
    Affine toImage = Affine.scale((double) frame.width() / width, (double) frame.height() / height);
    float[] values =
        Resize.read(frame, new Resize.View(width, height, toImage, Interpolation.ANTIALIASED, 0));
    return new Frame(
        frame.name(),
        ArrayImgs.floats(values, width, height, frame.channels()),
        PixelSize.UNCALIBRATED);
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
    return result.withClasses(labels.classes());
  }
}
