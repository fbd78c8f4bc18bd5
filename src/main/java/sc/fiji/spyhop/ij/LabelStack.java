package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/** A label image of any number of slices and time points, which are read when asked for. */
public final class LabelStack {

  private final Path file;
  private final ImagePlus image;

  private LabelStack(Path file, ImagePlus image) {
    this.file = file;
    this.image = image;
  }

  /**
   * Opens it.
   *
   * @throws SpyhopException if the file is missing, is no image, was compressed with losses, or has
   *     colours or several channels
   */
  public static LabelStack open(Path file) {
    ImageFiles.requireReadable(file);
    LabelImageFormat.requireLossless(file);
    ImagePlus image = new ImageOpener(file, Runtime.getRuntime().maxMemory(), true, true).open();
    if (Frames.isRgb(image) || image.getNChannels() > 1) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a label image with one number per pixel, received %s."
                  + " Is it a picture of one class, or of objects? Save labels as 8-bit, 16-bit or"
                  + " 32-bit grey: a number for each class or object.",
              file, Frames.isRgb(image) ? "RGB colours" : image.getNChannels() + " channels"));
    }
    return new LabelStack(file, image);
  }

  /** Of each plane. */
  public ImageSize size() {
    return new ImageSize(image.getWidth(), image.getHeight());
  }

  /** Number of slices, at least 1. */
  public int slices() {
    return image.getNSlices();
  }

  /** Number of time points, at least 1. */
  public int frames() {
    return image.getNFrames();
  }

  /** All planes, by time point and then by slice. */
  public List<ImageReader.Plane> planes() {
    List<ImageReader.Plane> planes = new ArrayList<>();
    for (int t = 1; t <= frames(); t++) {
      for (int z = 1; z <= slices(); z++) planes.add(new ImageReader.Plane(z, t, ""));
    }
    return planes;
  }

  /**
   * Labels of a plane.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @param unknown whether a number stands for pixels that nobody has labelled; these become {@link
   *     LabelMap#UNLABELLED}
   * @throws SpyhopException if a value is no label
   */
  public LabelMap labels(int z, int t, IntPredicate unknown) {
    ImageProcessor pixels = image.getStack().getProcessor(image.getStackIndex(1, z, t));
    int shift = Frames.signShift(image);
    boolean whole = pixels instanceof ByteProcessor || pixels.getBitDepth() == 16;
    int width = image.getWidth();
    int size = width * image.getHeight();
    float max = 0;
    for (int i = 0; i < size; i++) {
      float value = whole ? pixels.get(i) - shift : pixels.getf(i);
      if (!(value >= 0 && value <= LabelMap.MAX_LABEL) || value != (int) value) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected labels that are whole numbers from 0 to 16,777,215,"
                    + " received %s at column %d, row %d.",
                file, value, i % width, i / width));
      }
      max = Math.max(max, unknown.test((int) value) ? LabelMap.UNLABELLED : value);
    }
    LabelMap labels = LabelMap.sized(width, image.getHeight(), (int) max);
    for (int i = 0; i < size; i++) {
      int label = whole ? pixels.get(i) - shift : (int) pixels.getf(i);
      labels.set(i, unknown.test(label) ? LabelMap.UNLABELLED : label);
    }
    return labels;
  }
}
