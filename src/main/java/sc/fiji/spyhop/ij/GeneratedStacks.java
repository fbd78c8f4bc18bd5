package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.util.List;
import net.imglib2.RandomAccess;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import sc.fiji.spyhop.image.Frame;

/** Images and stacks of ImageJ from frames of one size, kind of pixels and number of channels. */
public final class GeneratedStacks {

  private GeneratedStacks() {}

  /**
   * One slice for each frame, labelled with its name; several channels as a composite image.
   *
   * @param frames at least one
   * @param colors whether the channels of a frame are red, green and blue, in 8 bits
   * @param low pixel value shown in black, where channels are no colours
   * @param high pixel value shown brightest
   */
  public static ImagePlus of(
      String title, List<Frame> frames, boolean colors, double low, double high) {
    Frame first = frames.get(0);
    ImageStack stack = new ImageStack(first.width(), first.height());
    for (Frame frame : frames) {
      int planes = colors ? 1 : frame.channels();
      for (int c = 0; c < planes; c++) {
        stack.addSlice(frame.name(), colors ? colored(frame) : plane(frame, c));
      }
    }
    ImagePlus image = new ImagePlus(title, stack);
    image.setCalibration(FrameImages.calibration(first));
    if (colors) return image;
    int channels = first.channels();
    if (channels > 1) {
      image.setDimensions(channels, frames.size(), 1);
      image.setOpenAsHyperStack(true);
      image = new CompositeImage(image, CompositeImage.COMPOSITE);
      for (int c = channels; c >= 1; c--) {
        image.setC(c);
        image.setDisplayRange(low, high);
      }
      return image;
    }
    image.setDisplayRange(low, high);
    return image;
  }

  private static ImageProcessor colored(Frame frame) {
    RandomAccess<? extends RealType<?>> pixel = frame.pixels().randomAccess();
    ColorProcessor ip = new ColorProcessor(frame.width(), frame.height());
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        int value = 0;
        for (int c = 0; c < 3; c++) {
          value = value << 8 | (int) pixel.setPositionAndGet(x, y, c).getRealDouble();
        }
        ip.set(x, y, value);
      }
    }
    return ip;
  }

  private static ImageProcessor plane(Frame frame, int channel) {
    RandomAccess<? extends RealType<?>> pixel = frame.pixels().randomAccess();
    int w = frame.width();
    int h = frame.height();
    RealType<?> type = frame.pixels().getType();
    ImageProcessor ip =
        type instanceof UnsignedByteType
            ? new ByteProcessor(w, h)
            : type instanceof UnsignedShortType
                ? new ShortProcessor(w, h)
                : new FloatProcessor(w, h);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        ip.setf(x, y, pixel.setPositionAndGet(x, y, channel).getRealFloat());
      }
    }
    return ip;
  }
}
