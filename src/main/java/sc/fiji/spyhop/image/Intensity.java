package sc.fiji.spyhop.image;

import java.util.List;
import sc.fiji.spyhop.image.stain.ColorMap;
import sc.fiji.spyhop.util.Strings;

/**
 * From pixel values to what a network reads: {@code (value - offset) * scale}, per channel; where
 * there are curves, of what these make of the value.
 *
 * @param offset one number per channel, finite
 * @param scale one number per channel, finite
 * @param colors what becomes of colours before, of three channels
 * @param curves one per channel, or none
 */
public record Intensity(
    List<Double> offset, List<Double> scale, ColorMap colors, List<Curve> curves) {

  /** Colours stay as they are before. */
  public Intensity(List<Double> offset, List<Double> scale) {
    this(offset, scale, ColorMap.NONE, List.of());
  }

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are not as many offsets as scales, at least one, or
   *     one is not finite
   */
  public Intensity {
    offset = List.copyOf(offset);
    scale = List.copyOf(scale);
    curves = List.copyOf(curves);
    if (offset.isEmpty() || offset.size() != scale.size()) {
      throw new IllegalArgumentException(
          "intensity: expected as many offsets as scales, at least one, received "
              + offset.size()
              + " and "
              + scale.size());
    }
  }

  /** The same where colours are changed before. */
  Intensity withColors(ColorMap map) {
    return new Intensity(offset, scale, map, curves);
  }

  /** Whether values stay in order and in proportion, so that {@link #undo} brings them back. */
  public boolean isLinear() {
    return curves.isEmpty() && colors == ColorMap.NONE;
  }

  /**
   * Brings values of a channel back to pixel values, in place; those of a channel that {@link
   * #apply} makes 0 everywhere become its one value.
   *
   * @param from first of them
   * @param to behind the last
   */
  public void undo(float[] values, int from, int to, int channel) {
    double shift = offset.get(channel);
    double factor = scale.get(channel);
    for (int i = from; i < to; i++) {
      values[i] = (float) (factor == 0 ? shift : values[i] / factor + shift);
    }
  }

  /** As many as there are offsets. */
  public int channels() {
    return offset.size();
  }

  /**
   * Changes values in place.
   *
   * @param chw channel by channel, each of the same length
   * @param channels how many, {@link #channels()}
   */
  public void apply(float[] chw, int channels) {
    if (channels != channels() || chw.length % channels != 0) {
      throw new IllegalArgumentException(
          Strings.format(
              "intensity: expected %d channels, received %d values in %d channels",
              channels(), chw.length, channels));
    }
    colors.mapAll(chw);
    int length = chw.length / channels;
    for (int c = 0; c < channels; c++) {
      double shift = offset.get(c);
      double factor = scale.get(c);
      int end = (c + 1) * length;
      if (!curves.isEmpty()) curves.get(c).apply(chw, c * length, end);
      for (int i = c * length; i < end; i++) chw[i] = (float) ((chw[i] - shift) * factor);
    }
  }
}
