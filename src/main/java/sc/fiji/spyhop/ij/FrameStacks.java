package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.util.List;
import net.imglib2.RandomAccess;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.image.Frame;

/** Stacks of ImageJ from frames of one size and kind. */
public final class FrameStacks {

  private FrameStacks() {}

  /**
   * A slice for each frame, of several channels if these are no colours; 8, 16 or 32 bits as the
   * pixels of the frames have.
   *
   * @param frames at least one
   * @param labels of the slices
   * @param color whether three channels are red, green and blue of 8 bits
   * @param low value that is shown black, where channels are no colours
   * @param high value that is shown white
   */
  public static ImagePlus of(
      String title,
      List<Frame> frames,
      List<String> labels,
      boolean color,
      double low,
      double high) {
    ImageStack stack = new ImageStack();
    for (int i = 0; i < frames.size(); i++) {
      for (ImageProcessor ip : processors(frames.get(i), color)) {
        stack.addSlice(labels.get(i), ip);
      }
    }
    ImagePlus image = new ImagePlus(title, stack);
    image.setCalibration(FrameImages.calibration(frames.get(0)));
    int channels = stack.size() / frames.size();
    if (channels > 1) {
      image.setDimensions(channels, frames.size(), 1);
      image = new CompositeImage(image, CompositeImage.GRAYSCALE);
      image.setOpenAsHyperStack(true);
    }
    if (!color) image.setDisplayRange(low, high);
    return image;
  }

  /** Puts other frames into a stack that {@link #of} made of as many. */
  public static void replace(ImagePlus image, List<Frame> frames, boolean color) {
    int slice = 1;
    for (Frame frame : frames) {
      for (ImageProcessor ip : processors(frame, color)) {
        image.getStack().setPixels(ip.getPixels(), slice++);
      }
    }
    image.setStack(image.getStack());
    image.updateAndDraw();
  }

  private static List<ImageProcessor> processors(Frame frame, boolean color) {
    if (color) return List.of(FrameImages.of(frame).getProcessor());
    ImageProcessor[] all = new ImageProcessor[frame.channels()];
    for (int c = 0; c < all.length; c++) all[c] = plane(frame, c);
    return List.of(all);
  }

  private static ImageProcessor plane(Frame frame, int channel) {
    int w = frame.width();
    int h = frame.height();
    RandomAccess<? extends RealType<?>> pixel = frame.pixels().randomAccess();
    boolean whole = frame.pixels().getType() instanceof IntegerType;
    ImageProcessor ip =
        !whole
            ? new FloatProcessor(w, h)
            : frame.pixels().getType().getBitsPerPixel() <= 8
                ? new ByteProcessor(w, h)
                : new ShortProcessor(w, h);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        ip.setf(x, y, pixel.setPositionAndGet(x, y, channel).getRealFloat());
      }
    }
    return ip;
  }
}
