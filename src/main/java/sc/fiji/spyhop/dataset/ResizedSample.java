package sc.fiji.spyhop.dataset;

import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.prediction.LabelMap;

/** An image and its labels in another size. */
public final class ResizedSample {

  private ResizedSample() {}

  /**
   * Enlarges or reduces pixels, antialiased, and labels, by the nearest one.
   *
   * @param factor of width and height, positive
   */
  public static Sample<LabelMap> of(Sample<LabelMap> sample, double factor) {
    Frame frame = sample.frame();
    int width = side(frame.width(), factor);
    int height = side(frame.height(), factor);
    if (width == frame.width() && height == frame.height()) return sample;
    return new Sample<>(resized(frame, width, height), resized(sample.truth(), width, height));
  }

  private static int side(int pixels, double factor) {
    return Math.max(1, (int) Math.rint(pixels * factor));
  }

  private static Frame resized(Frame frame, int width, int height) {
    Affine toImage = Affine.scale((double) frame.width() / width, (double) frame.height() / height);
    float[] values =
        Resize.read(frame, new Resize.View(width, height, toImage, Interpolation.ANTIALIASED, 0));
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
