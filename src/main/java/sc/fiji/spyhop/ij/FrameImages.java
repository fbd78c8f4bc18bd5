package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import net.imglib2.RandomAccess;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import sc.fiji.spyhop.image.Frame;

/** Images of ImageJ from frames of whole numbers. */
public final class FrameImages {

  private FrameImages() {}

  /**
   * The image with the name and the pixel size of the frame: of three channels in colour, of one in
   * 8 bits, in 16 where its pixels have more, or in 32 where they are no whole numbers.
   */
  public static ImagePlus of(Frame frame) {
    ImagePlus image = new ImagePlus(frame.name(), processor(frame));
    image.setCalibration(calibration(frame));
    return image;
  }

  private static ImageProcessor processor(Frame frame) {
    RandomAccess<? extends RealType<?>> pixel = frame.pixels().randomAccess();
    int w = frame.width();
    int h = frame.height();
    boolean color = frame.channels() == 3;
    if (!color && frame.pixels().getType() instanceof FloatType) return floats(frame, pixel);
    ImageProcessor ip =
        color
            ? new ColorProcessor(w, h)
            : frame.pixels().getType().getBitsPerPixel() <= 8
                ? new ByteProcessor(w, h)
                : new ShortProcessor(w, h);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int value = 0;
        for (int c = 0; c < (color ? 3 : 1); c++) {
          int own = (int) Math.round(pixel.setPositionAndGet(x, y, c).getRealDouble());
          value = color ? value << 8 | own : own;
        }
        ip.set(x, y, value);
      }
    }
    if (!color) ip.resetMinAndMax();
    return ip;
  }

  private static ImageProcessor floats(Frame frame, RandomAccess<? extends RealType<?>> pixel) {
    FloatProcessor ip = new FloatProcessor(frame.width(), frame.height());
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        ip.setf(x, y, pixel.setPositionAndGet(x, y, 0).getRealFloat());
      }
    }
    ip.resetMinAndMax();
    return ip;
  }

  /** The pixel size of a frame. */
  public static Calibration calibration(Frame frame) {
    Calibration calibration = new Calibration();
    calibration.pixelWidth = frame.pixelSize().width();
    calibration.pixelHeight = frame.pixelSize().height();
    calibration.setUnit(frame.pixelSize().unit());
    return calibration;
  }
}
