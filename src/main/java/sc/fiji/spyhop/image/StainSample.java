package sc.fiji.spyhop.image;

import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import net.imglib2.view.composite.RealComposite;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.stain.ColorMap;
import sc.fiji.spyhop.image.stain.StainLook;
import sc.fiji.spyhop.image.stain.StainMethod;
import sc.fiji.spyhop.util.Strings;

/** Colours of whole frames of stained tissue, red, green and blue from 0 to 255. */
public final class StainSample {

  /** Pixels that are measured, about; of larger frames some, on a grid. */
  private static final int PIXELS = 1 << 20;

  private static final int MAX = 255;

  private StainSample() {}

  /**
   * How the tissue of a frame looks.
   *
   * @return absent if it shows hardly any
   * @throws SpyhopException if it has other channels than three, or pixels that are no numbers from
   *     0 to 255
   */
  public static Optional<StainLook> look(Frame frame, StainMethod method) {
    return method.measure(pixels(frame, PIXELS));
  }

  /**
   * From the colours of a frame to those of a reference; none changes where there is hardly any
   * tissue.
   *
   * @throws SpyhopException as {@link #look}
   */
  public static ColorMap map(Frame frame, StainLook reference) {
    return look(frame, reference.method()).map(l -> l.to(reference)).orElse(ColorMap.NONE);
  }

  /**
   * Pixels of a frame: all where they are not many, else some, on a grid; of those that count if it
   * says which.
   *
   * @param max how many, about
   * @return all of red, then of green, then of blue
   * @throws SpyhopException as {@link #look}
   */
  public static float[] pixels(Frame frame, int max) {
    if (frame.channels() != 3) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an image in colour, since stains are normalised, received %s.",
              frame.name(), Strings.count(frame.channels(), "channel")));
    }
    long all = (long) frame.width() * frame.height();
    int step = (int) Math.max(1, Math.ceil(Math.sqrt((double) all / max)));
    RandomAccess<? extends RealType<?>> at = frame.pixels().randomAccess();
    Optional<BitSet> measured = frame.measured();
    int across = (frame.width() + step - 1) / step;
    int down = (frame.height() + step - 1) / step;
    float[] found = new float[3 * across * down];
    int n = 0;
    for (int y = 0; y < frame.height(); y += step) {
      for (int x = 0; x < frame.width(); x += step) {
        if (measured.isPresent() && !measured.get().get(y * frame.width() + x)) continue;
        for (int c = 0; c < 3; c++) {
          float value = at.setPositionAndGet(x, y, c).getRealFloat();
          requireByte(frame, value);
          found[c * across * down + n] = value;
        }
        n++;
      }
    }
    float[] pixels = new float[3 * n];
    for (int c = 0; c < 3; c++) System.arraycopy(found, c * across * down, pixels, c * n, n);
    return pixels;
  }

  private static void requireByte(Frame frame, float value) {
    if (value >= -1 && value <= MAX + 1) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected colours from 0 to 255, since stains are normalised, received %s. Convert it"
                + " to RGB.",
            frame.name(), value));
  }

  /**
   * A frame in the colours of a reference, which are made when they are looked at; the frame itself
   * where it shows hardly any tissue.
   *
   * @throws SpyhopException as {@link #look}
   */
  public static Frame like(Frame frame, StainLook reference) {
    return mapped(frame, map(frame, reference));
  }

  /** A frame in other colours, which are made when they are looked at. */
  static Frame mapped(Frame frame, ColorMap map) {
    return map == ColorMap.NONE ? frame : frame.showing(mapped(frame.pixels(), map));
  }

  @SuppressWarnings("unchecked")
  private static <T extends RealType<T>> RandomAccessibleInterval<FloatType> mapped(
      RandomAccessibleInterval<? extends RealType<?>> pixels, ColorMap map) {
    RandomAccessibleInterval<? extends RealComposite<T>> colors =
        Views.collapseReal((RandomAccessibleInterval<T>) pixels);
    return Views.stack(
        IntStream.range(0, 3)
            .mapToObj(
                channel ->
                    Converters.convert(
                        (RandomAccessibleInterval<RealComposite<T>>) colors,
                        (rgb, value) -> value.set(mapped(rgb, map)[channel]),
                        new FloatType()))
            .toList());
  }

  private static <T extends RealType<T>> float[] mapped(RealComposite<T> rgb, ColorMap map) {
    float[] color = {
      rgb.get(0).getRealFloat(), rgb.get(1).getRealFloat(), rgb.get(2).getRealFloat()
    };
    map.map(color);
    return color;
  }
}
