package sc.fiji.spyhop.generate.rendering;

import java.util.Set;
import java.util.TreeSet;
import net.imglib2.Cursor;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.PixelSizes;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * What the images of a set are, and how a network is to make such.
 *
 * @param output of the network
 * @param width columns of what it makes
 * @param height rows
 */
public record Pixels(GeneratorSpec.Output output, int width, int height) {

  /** Share of the range of 16-bit and 32-bit images that it is widened by at each end. */
  private static final double MARGIN = 0.05;

  /**
   * Looks at all images: grey and colour images together count as colour, images of several depths
   * as of the largest. Of 8-bit images the range is 0 to 255, of others that of their pixels and a
   * little more.
   *
   * @param size asked for; width 0: that of the images if all are alike, else 128 x 128, in any
   *     case one that the default network makes if {@code suiting}
   * @param suiting whether only sizes will do that the default network makes
   * @throws SpyhopException if images cannot be read or have different channels
   */
  public static Pixels of(
      Dataset<?> images, RenderNetwork.Side size, boolean suiting, Progress progress) {
    Set<Integer> channels = new TreeSet<>();
    Set<RenderNetwork.Side> sizes = new java.util.HashSet<>();
    PixelSizes pixelSizes = new PixelSizes();
    int bits = 8;
    Range range = new Range();
    for (int i = 0; i < images.size(); i++) {
      progress.checkCancelled();
      if (i % 64 == 0) progress.update("Looking at images", i, images.size());
      Frame frame = images.get(i).frame();
      channels.add(frame.channels());
      sizes.add(new RenderNetwork.Side(frame.width(), frame.height()));
      pixelSizes.add(images.names().get(i), frame.pixelSize());
      bits = Math.max(bits, bits(frame));
      if (bits > 8) range.add(frame);
    }
    if (bits > 8) for (int i = 0; i < images.size(); i++) range.add(images.get(i).frame());
    progress.update("Looking at images", images.size(), images.size());
    boolean colors = channels.contains(3) && bits == 8;
    int made = channels.stream().mapToInt(c -> c).max().orElse(1);
    Colors as = colors ? Colors.RGB : Colors.NONE;
    if (!channels.stream().allMatch(c -> as.fits(c, made))) {
      throw new SpyhopException(
          "The images have different channels, "
              + channels
              + ": expected the same in all. Choose one channel, or grey.");
    }
    RenderNetwork.Side shown = size;
    if (size.width() == 0) {
      shown = sizes.size() == 1 ? sizes.iterator().next() : new RenderNetwork.Side(128, 128);
      if (suiting) shown = RenderNetwork.suiting(shown.width(), shown.height());
    }
    RenderNetwork.Side before = sizes.iterator().next();
    PixelSize common = pixelSizes.common();
    PixelSize pixel =
        common.isCalibrated() && sizes.size() == 1
            ? new PixelSize(
                common.width() * before.width() / shown.width(),
                common.height() * before.height() / shown.height(),
                common.unit())
            : PixelSize.UNCALIBRATED;
    return new Pixels(range.output(made, as, bits, pixel), shown.width(), shown.height());
  }

  private static int bits(Frame frame) {
    Object type = frame.pixels().getType();
    int bits = frame.pixels().getType().getBitsPerPixel();
    boolean whole = type instanceof net.imglib2.type.numeric.IntegerType<?>;
    return whole && bits <= 8 ? 8 : whole && bits <= 16 ? 16 : 32;
  }

  /** Of pixel values. */
  private static final class Range {
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    void add(Frame frame) {
      Cursor<? extends RealType<?>> all = Views.flatIterable(frame.pixels()).cursor();
      while (all.hasNext()) {
        double value = all.next().getRealDouble();
        if (!Double.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }

    GeneratorSpec.Output output(int channels, Colors colors, int bits, PixelSize size) {
      if (bits == 8) return new GeneratorSpec.Output(channels, colors, 0, 255, bits, size);
      if (!(low < high)) {
        throw new SpyhopException(
            "Nothing to learn: all pixels of all images have the same value. Expected different"
                + " ones.");
      }
      double margin = MARGIN * (high - low);
      boolean negative = low < 0;
      int depth = bits == 16 && negative ? 32 : bits;
      double least = low - margin;
      double most = high + margin;
      if (depth == 16) {
        least = Math.max(0, Math.floor(least));
        most = Math.min(65_535, Math.ceil(most));
      }
      return new GeneratorSpec.Output(channels, colors, least, most, depth, size);
    }
  }

  /**
   * An image in the size that the network makes, as values that it would give for it.
   *
   * @return [1, channels, height, width]
   * @throws SpyhopException if it has other channels, or pixels that are not finite numbers
   */
  public Tensor read(Frame frame) {
    if (!output.colors().fits(frame.channels(), output.channels())) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an image of %s, received %d.",
              frame.name(), Strings.count(output.channels(), "channel"), frame.channels()));
    }
    Frame arranged = output.colors().arrange(frame);
    boolean same = frame.width() == width && frame.height() == height;
    Resize fit =
        same ? new Resize.AnySize() : new Resize.Stretch(width, height, Interpolation.ANTIALIASED);
    float[] values = fit.read(arranged);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new SpyhopException(
            frame.name() + ": some of its pixels are no finite numbers: expected numbers alone.");
      }
      values[i] = (float) output.value(values[i]);
    }
    return new Tensor(Axes.NCHW, new int[] {1, output.channels(), height, width}, values);
  }

  /**
   * Mean over pixels and channels of the squared difference of two images, in pixel values; what is
   * beyond -1 or 1 in that which was made is cut off, as in files.
   *
   * @param made values of the network
   * @param at where those of the image begin
   * @param truth by {@link #read}
   */
  public double squaredError(float[] made, int at, float[] truth) {
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      double difference = Math.max(-1, Math.min(1, made[at + i])) - truth[i];
      sum += difference * difference;
    }
    double unit = (output.high() - output.low()) / 2;
    return sum / truth.length * unit * unit;
  }
}
