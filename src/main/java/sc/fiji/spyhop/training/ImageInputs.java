package sc.fiji.spyhop.training;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.PixelSizes;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Standardization;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/** Decides how the images of a set are brought to a network that is to be trained on them. */
public final class ImageInputs {

  /** Larger images are shown in this size unless another is asked for. */
  private static final int USUAL_SIDE = 128;

  private ImageInputs() {}

  /** Width and height. */
  public record Size(int width, int height) {}

  /**
   * Looks at all images. Grey and colour images together count as colour; images are standardised
   * channel by channel with the mean and deviation of the whole set unless asked otherwise.
   *
   * @param size of what the network reads; absent: that of the images if they are all alike and of
   *     at most 128 x 128 pixels, else that
   * @param normalization absent: standardisation by this set
   * @throws SpyhopException if images cannot be read or have different channels
   */
  public static ModelSpec.Input of(
      Dataset<?> train,
      Optional<Size> size,
      Optional<Normalization> normalization,
      Progress progress) {
    Set<Integer> channels = new TreeSet<>();
    Set<Size> sizes = new java.util.HashSet<>();
    PixelSizes pixelSizes = new PixelSizes();
    for (int i = 0; i < train.size(); i++) {
      progress.checkCancelled();
      if (i % 64 == 0) progress.update("Looking at images", i, train.size());
      Frame frame = train.get(i).frame();
      channels.add(frame.channels());
      sizes.add(new Size(frame.width(), frame.height()));
      pixelSizes.add(train.names().get(i), frame.pixelSize());
    }
    progress.update("Looking at images", train.size(), train.size());
    Colors colors = channels.contains(3) ? Colors.RGB : Colors.NONE;
    int read = channels.stream().mapToInt(c -> c).max().orElse(1);
    if (!channels.stream().allMatch(c -> colors.fits(c, read))) {
      throw new SpyhopException(
          "The images have different channels, "
              + channels
              + ": expected the same in all. Choose one channel, or grey.");
    }
    Size shown = size.orElseGet(() -> byDefault(sizes));
    Resize fit = new Resize.Stretch(shown.width, shown.height, Interpolation.ANTIALIASED);
    return new ModelSpec.Input(
        Axes.NCHW,
        read,
        colors,
        fit,
        normalization.orElseGet(() -> standardised(train, read, colors, progress)),
        pixelSizes.common());
  }

  /** The pixel size that all images have in common; none if they differ. Looks at all of them. */
  public static PixelSize pixelSize(Dataset<?> train, Progress progress) {
    PixelSizes sizes = new PixelSizes();
    for (int i = 0; i < train.size(); i++) {
      progress.checkCancelled();
      sizes.add(train.names().get(i), train.get(i).frame().pixelSize());
    }
    return sizes.common();
  }

  /**
   * How images are brought to a network that goes on learning: as before, but it is for the pixel
   * size of the images that it is shown now, as these are not resized.
   *
   * @param said takes a sentence if that is another one
   */
  public static ModelSpec.Input goingOn(
      ModelSpec.Input before, Dataset<?> train, Consumer<String> said, Progress progress) {
    PixelSize own = pixelSize(train, progress);
    PixelSize known = before.pixelSize();
    if (!own.isCalibrated() || own.likeKnown(known)) return before;
    if (own.unlike(known).isPresent()) {
      said.accept(
          Strings.format(
              "A pixel of the images is %s %s, of those that the model knows %s %s: the new model is"
                  + " for %s %s. If their objects are to look as the model knows them, resize the"
                  + " images before.",
              Digits.six(own.width()),
              own.unit(),
              Digits.six(known.width()),
              known.unit(),
              Digits.six(own.width()),
              own.unit()));
    }
    return before.withPixelSize(own);
  }

  private static Size byDefault(Set<Size> sizes) {
    Size first = sizes.iterator().next();
    boolean small = first.width <= USUAL_SIDE && first.height <= USUAL_SIDE;
    return sizes.size() == 1 && small ? first : new Size(USUAL_SIDE, USUAL_SIDE);
  }

  private static Normalization standardised(
      Dataset<?> train, int channels, Colors colors, Progress progress) {
    Standardization statistics = new Standardization(channels);
    for (int i = 0; i < train.size(); i++) {
      progress.checkCancelled();
      statistics.add(colors.arrange(train.get(i).frame()));
    }
    return statistics.normalization();
  }
}
