package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import java.util.List;

/** A 32-bit hyperstack in memory that is written part by part; shown from 0 to 1. */
public final class FloatStackImage implements FloatStackSink {

  private final FloatStack.Size size;
  private final ImageStack stack;

  /**
   * Makes one of zeros.
   *
   * @param labels name of each channel
   */
  public FloatStackImage(FloatStack.Size size, List<String> labels) {
    this.size = size;
    stack = new ImageStack(size.width(), size.height());
    for (int i = 0; i < size.planes(); i++) {
      stack.addSlice(
          labels.get(i % size.channels()),
          new float[Math.multiplyExact(size.width(), size.height())]);
    }
  }

  @Override
  public void put(
      int channel,
      int z,
      int t,
      int x,
      int y,
      int w,
      int h,
      float[] values,
      int offset,
      int stride) {
    float[] plane = (float[]) stack.getPixels(size.index(channel, z, t) + 1);
    for (int j = 0; j < h; j++) {
      System.arraycopy(values, offset + j * stride, plane, (y + j) * size.width() + x, w);
    }
  }

  /**
   * The image.
   *
   * @param info text that ImageJ keeps with it
   */
  public ImagePlus image(String title, Calibration calibration, String info) {
    ImagePlus image = new ImagePlus(title, stack);
    image.setDimensions(size.channels(), size.slices(), size.frames());
    image.setOpenAsHyperStack(size.planes() > 1);
    if (size.channels() > 1) image = new CompositeImage(image, CompositeImage.GRAYSCALE);
    Calibration of = calibration.copy();
    of.disableDensityCalibration();
    image.setCalibration(of);
    image.setProperty("Info", info);
    for (int c = size.channels(); c >= 1; c--) {
      image.setPositionWithoutUpdate(c, 1, 1);
      image.setDisplayRange(0, 1);
    }
    return image;
  }
}
