package sc.fiji.spyhop.generate.adversarial;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.generate.LabelDepth;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/**
 * What a discriminator is shown of an image. Thread safe.
 *
 * @param <T> what is known of an image
 */
public final class RealView<T> {

  /** In which orientations an image may be shown. */
  public enum Symmetry {
    /** As it is. */
    NONE,
    /** As it is, or left and right exchanged. */
    MIRROR,
    /** Mirrored and turned by quarters, eight in all; of square images. */
    ALL
  }

  /** Values of each image that become -1 and 1, in percent. */
  private static final Normalization EACH = new Normalization.Percentile(1, 99.8);

  private final GeneratorSpec.Output output;
  private final Shape shape;
  private final boolean crops;
  private final boolean each;
  private final Symmetry symmetry;
  private final Optional<Function<T, LabelMap>> labels;
  private final Map<String, Intensity> intensities = new ConcurrentHashMap<>();

  /**
   * Decides how images are brought to the size that the network makes.
   *
   * @param shape channels of image and labels together, height and width
   * @param crops whether parts are shown as they are, at a place that is drawn each time, instead
   *     of the whole image, cropped to the proportions and resized
   * @param each whether intensities are brought to -1 to 1 image by image, by percentiles 1 and
   *     99.8, instead of by the range of the output
   * @param labels of an image, where label images are learned as well
   * @throws SpyhopException if images that are not square are to be turned
   */
  public RealView(
      GeneratorSpec.Output output,
      Shape shape,
      boolean crops,
      boolean each,
      Symmetry symmetry,
      Optional<Function<T, LabelMap>> labels) {
    this.output = output;
    this.shape = shape;
    this.crops = crops;
    this.each = each;
    this.symmetry = symmetry;
    this.labels = labels;
    if (symmetry == Symmetry.ALL && height() != width()) {
      throw new SpyhopException(
          Strings.format(
              "Only square images can be turned by quarters, received %d x %d; mirror them.",
              width(), height()));
    }
  }

  /** In words, for who has to know whether images are shown in the same way. */
  String settings() {
    return Strings.format(
        "%s crops %s each %s %s labels %s", output, crops, each, symmetry, labels.isPresent());
  }

  int channels() {
    return shape.channels();
  }

  int height() {
    return shape.space().get(0);
  }

  int width() {
    return shape.space().get(1);
  }

  /** Number of values of an image. */
  int length() {
    return channels() * height() * width();
  }

  /**
   * @return channel by channel, row by row, from -1 to 1; labels last
   * @throws SpyhopException if it has other channels, or is too small for a part of it
   */
  float[] of(Sample<T> sample, Random random) {
    Frame frame = sample.frame();
    if (!output.colors().fits(frame.channels(), output.channels())) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an image of %s, as the first one is, received %s.",
              frame.name(),
              Strings.count(output.channels(), "channel"),
              Strings.count(frame.channels(), "channel")));
    }
    Resize.View view = view(frame, random);
    float[] values = new float[length()];
    float[] pixels = Resize.read(output.colors().arrange(frame), view);
    System.arraycopy(pixels, 0, values, 0, pixels.length);
    scale(values, pixels.length, frame);
    if (labels.isPresent()) {
      float[] depth = LabelDepth.of(shown(labels.get().apply(sample.truth()), view));
      System.arraycopy(depth, 0, values, pixels.length, depth.length);
    }
    return turned(values, random);
  }

  private Resize.View view(Frame frame, Random random) {
    if (!crops) {
      return new Resize.Cover(width(), height(), Interpolation.ANTIALIASED)
          .view(frame.width(), frame.height());
    }
    int x = frame.width() - width();
    int y = frame.height() - height();
    if (x < 0 || y < 0) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected at least %d x %d pixels to show a part of, received %d x %d.",
              frame.name(), width(), height(), frame.width(), frame.height()));
    }
    return new Resize.View(
        width(),
        height(),
        Affine.translation(random.nextInt(x + 1), random.nextInt(y + 1)),
        Interpolation.NEAREST,
        Double.NaN);
  }

  private void scale(float[] values, int length, Frame frame) {
    if (!each) {
      for (int i = 0; i < length; i++) values[i] = (float) output.value(values[i]);
      return;
    }
    Intensity intensity =
        intensities.computeIfAbsent(frame.name(), n -> EACH.fit(output.colors().arrange(frame)));
    int plane = height() * width();
    for (int i = 0; i < length; i++) {
      int c = i / plane;
      double share = (values[i] - intensity.offset().get(c)) * intensity.scale().get(c);
      values[i] = (float) Math.max(-1, Math.min(1, 2 * share - 1));
    }
  }

  /** The same view of a label image, without mixing labels. */
  private LabelMap shown(LabelMap labels, Resize.View view) {
    float[] all = new float[labels.size()];
    for (int i = 0; i < all.length; i++) all[i] = labels.get(i);
    Frame frame =
        new Frame(
            "labels",
            ArrayImgs.floats(all, labels.width(), labels.height(), 1),
            output.pixelSize());
    float[] part =
        Resize.read(
            frame,
            new Resize.View(view.width(), view.height(), view.toImage(), Interpolation.NEAREST, 0));
    LabelMap map = LabelMap.sized(width(), height(), LabelMap.UNLABELLED);
    for (int i = 0; i < part.length; i++) map.set(i, (int) part[i]);
    return map;
  }

  private float[] turned(float[] values, Random random) {
    if (symmetry == Symmetry.NONE) return values;
    int way = random.nextInt(symmetry == Symmetry.MIRROR ? 2 : 8);
    if (way == 0) return values;
    int w = width();
    int h = height();
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int c = i / (w * h);
      int y = i / w % h;
      int x = i % w;
      if ((way & 1) != 0) x = w - 1 - x;
      if ((way & 2) != 0) y = h - 1 - y;
      if ((way & 4) != 0) {
        int swapped = x;
        x = y;
        y = swapped;
      }
      turned[i] = values[(c * h + y) * w + x];
    }
    return turned;
  }
}
