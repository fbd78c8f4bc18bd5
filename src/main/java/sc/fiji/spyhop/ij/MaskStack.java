package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.util.Strings;

/** An image with a mask for each class in a channel of its own, where what is not 0 is of it. */
public final class MaskStack {

  private final Path file;
  private final ImagePlus image;

  private MaskStack(Path file, ImagePlus image) {
    this.file = file;
    this.image = image;
  }

  /**
   * Opens a file.
   *
   * @throws SpyhopException if it is no image
   */
  public static MaskStack open(Path file) {
    return new MaskStack(file, ImageFiles.open(file));
  }

  /** Whether it was written as a result, see {@link HyperstackSegmentation#isOfMasks}. */
  public boolean isResult() {
    return HyperstackSegmentation.isOfMasks(image);
  }

  /** What the channels are called; empty texts for those without a name. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (int c = 1; c <= image.getNChannels(); c++) {
      String label = image.getStack().getShortSliceLabel(image.getStackIndex(c, 1, 1));
      names.add(label == null ? "" : label.strip());
    }
    return names;
  }

  /**
   * The masks of a plane as sets of classes, see {@link Overlaps}.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @param size that it has to have
   * @param classes names, one for each channel that there has to be
   * @throws SpyhopException if there is no such plane, or it has another size or other channels
   */
  public LabelMap sets(int z, int t, ImageSize size, List<String> classes) {
    boolean fits =
        image.getWidth() == size.width()
            && image.getHeight() == size.height()
            && image.getNChannels() == classes.size()
            && z <= image.getNSlices()
            && t <= image.getNFrames();
    if (!fits) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected %d x %d pixels and a channel for each of %s, received %d x %d and %s",
              file,
              size.width(),
              size.height(),
              String.join(", ", classes),
              image.getWidth(),
              image.getHeight(),
              Strings.count(image.getNChannels(), "channel")));
    }
    int max = Overlaps.bit(classes.size()) - 1;
    LabelMap sets = LabelMap.sized(size.width(), size.height(), max);
    for (int c = 0; c < classes.size(); c++) {
      ImageProcessor mask = image.getStack().getProcessor(image.getStackIndex(c + 1, z, t));
      for (int i = 0; i < sets.size(); i++) {
        if (mask.getf(i) != 0) sets.set(i, sets.get(i) | Overlaps.bit(c));
      }
    }
    return sets;
  }
}
