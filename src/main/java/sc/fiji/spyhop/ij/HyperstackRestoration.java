package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;

/**
 * An image of any dimensions made of another of the same size, slice by slice and time point by
 * time point.
 *
 * @param image with the slices, time points and calibration of what it was made of
 * @param planes what was made, by time point, then slice
 */
public record HyperstackRestoration(ImagePlus image, List<Plane> planes) {

  /**
   * One slice at one time point.
   *
   * @param min smallest value, before it is rounded
   * @param max largest
   * @param mean of all values
   * @param clipped share of the values that the type of the pixels does not hold, in [0, 1]
   */
  public record Plane(int slice, int frame, double min, double max, double mean, double clipped) {}

  /** What pixels are stored as. */
  public enum Depth {
    /** In 32 bits, as they are told. */
    FLOAT,
    /** As those of the image that was restored: rounded, and clipped to what these can be. */
    SAME
  }

  /**
   * How an image is made.
   *
   * @param title of the image
   * @param sameUnits whether values mean what they do in the image, which is then shown in the same
   *     range
   */
  public record Wanted(String title, Depth depth, boolean sameUnits) {}

  /** Copies the list. */
  public HyperstackRestoration {
    planes = List.copyOf(planes);
  }

  /**
   * Restores frame by frame.
   *
   * @param restore from a frame to an image of the same size, of as many channels each time
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static HyperstackRestoration run(
      Frames frames, Wanted wanted, HyperstackResults.Look<Frame> restore, Progress progress) {
    ImagePlus from = frames.image();
    Maker maker = new Maker(frames, wanted);
    HyperstackResults<Plane> made =
        HyperstackResults.run(
            frames,
            (z, t, frame, part) -> maker.add(z, t, restore.at(z, t, frame, part)),
            progress);
    return new HyperstackRestoration(
        maker.image(from), made.planes().stream().map(HyperstackResults.Plane::result).toList());
  }

  /** What is seen of it: the middle slice at the first time point, all channels. */
  public BufferedImage picture() {
    image.setPosition(1, (image.getNSlices() + 1) / 2, 1);
    return image.getBufferedImage();
  }

  /** Gathers planes. */
  private static final class Maker {

    private final Frames frames;
    private final Wanted wanted;
    private final ImageStack stack;
    private final int bits;
    private final int shift;
    private int channels;
    private boolean colors;

    Maker(Frames frames, Wanted wanted) {
      this.frames = frames;
      this.wanted = wanted;
      ImagePlus image = frames.image();
      stack = new ImageStack(image.getWidth(), image.getHeight());
      int depth = image.getBitDepth() == 24 ? 8 : image.getBitDepth();
      bits = wanted.depth() == Depth.FLOAT || Frames.isWhole(image) ? 32 : depth;
      shift = bits == 16 ? Frames.signShift(image) : 0;
    }

    Plane add(int z, int t, Frame made) {
      ImagePlus image = frames.image();
      channels = made.channels();
      colors = bits == 8 && channels == 3 && Frames.isRgb(image);
      float[] values = made.values();
      int plane = values.length / channels;
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (float value : values) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
      }
      int index = image.getStackIndex(1, z, t);
      String label = image.getStackSize() == 1 ? null : image.getStack().getSliceLabel(index);
      List<ImageProcessor> pixels = new ArrayList<>();
      long clipped = 0;
      for (int c = 0; c < channels; c++) {
        float[] channel = Arrays.copyOfRange(values, c * plane, (c + 1) * plane);
        clipped += clip(channel);
        pixels.add(pixels(channel, image.getWidth(), image.getHeight()));
      }
      if (colors) {
        ColorProcessor rgb = new ColorProcessor(image.getWidth(), image.getHeight());
        for (int c = 0; c < 3; c++) rgb.setChannel(c + 1, (ByteProcessor) pixels.get(c));
        stack.addSlice(label, rgb);
      } else {
        pixels.forEach(p -> stack.addSlice(label, p));
      }
      return new Plane(z, t, min, max, sum / values.length, (double) clipped / values.length);
    }

    /** Rounds to what can be stored; returns how many values cannot. */
    private long clip(float[] values) {
      if (bits == 32) return 0;
      int low = -shift;
      int high = (1 << bits) - 1 - shift;
      long clipped = 0;
      for (int i = 0; i < values.length; i++) {
        long rounded = Math.round((double) values[i]);
        if (rounded < low || rounded > high) clipped++;
        values[i] = Math.max(low, Math.min(high, rounded));
      }
      return clipped;
    }

    private ImageProcessor pixels(float[] values, int width, int height) {
      if (bits == 32) return new FloatProcessor(width, height, values);
      ImageProcessor made =
          bits == 8 ? new ByteProcessor(width, height) : new ShortProcessor(width, height);
      for (int i = 0; i < values.length; i++) made.set(i, (int) values[i] + shift);
      return made;
    }

    ImagePlus image(ImagePlus from) {
      ImagePlus made = new ImagePlus(wanted.title(), stack);
      int planes = colors ? 1 : channels;
      made.setDimensions(planes, frames.slices(), frames.timePoints());
      if (stack.size() > 1) made.setOpenAsHyperStack(true);
      Calibration calibration = from.getCalibration().copy();
      if (bits == 32) calibration.disableDensityCalibration();
      made.setCalibration(calibration);
      if (planes > 1) made = new CompositeImage(made, mode(from));
      if (!colors) range(made, from, planes);
      return made;
    }

    private static int mode(ImagePlus from) {
      return from instanceof CompositeImage c ? c.getMode() : CompositeImage.COMPOSITE;
    }

    /** Colours and display range of the image; of values in other units, all that there is. */
    private void range(ImagePlus made, ImagePlus from, int planes) {
      boolean alike = planes == from.getNChannels() && frames.channels() == planes;
      int stored = Frames.signShift(from);
      for (int c = 1; c <= planes; c++) {
        made.setPositionWithoutUpdate(c, 1, 1);
        LUT lut = alike && from.getBitDepth() != 24 ? lut(from, c) : null;
        boolean ranged = lut != null && wanted.sameUnits();
        double min = ranged ? lut.min - stored + shift : minimum(made, c);
        double max = ranged ? lut.max - stored + shift : maximum(made, c);
        if (made instanceof CompositeImage composite) {
          LUT own = lut == null ? composite.getChannelLut(c) : lut;
          LUT set = (LUT) own.clone();
          set.min = min;
          set.max = max;
          composite.setChannelLut(set, c);
        } else {
          if (lut != null) made.getProcessor().setLut(lut);
          made.setDisplayRange(min, max);
        }
      }
      made.setPositionWithoutUpdate(1, 1, 1);
    }

    private static LUT lut(ImagePlus from, int channel) {
      if (from instanceof CompositeImage composite) return composite.getChannelLut(channel);
      LUT lut = (LUT) from.getProcessor().getLut().clone();
      lut.min = from.getDisplayRangeMin();
      lut.max = from.getDisplayRangeMax();
      return lut;
    }

    private static double minimum(ImagePlus image, int channel) {
      return image.getStack().getProcessor(channel).getStatistics().min;
    }

    private static double maximum(ImagePlus image, int channel) {
      return image.getStack().getProcessor(channel).getStatistics().max;
    }
  }
}
