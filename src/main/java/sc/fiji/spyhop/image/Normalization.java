package sc.fiji.spyhop.image;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * How the intensities of an image are brought to the range a network was trained on. Measured over
 * the whole frame, channel by channel, so that every tile of an image is treated alike.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Normalization.Percentile.class, name = "percentile"),
  @JsonSubTypes.Type(value = Normalization.MinMax.class, name = "min-max"),
  @JsonSubTypes.Type(value = Normalization.Fixed.class, name = "fixed"),
  @JsonSubTypes.Type(value = Normalization.ZScore.class, name = "z-score"),
})
public sealed interface Normalization {

  /**
   * Measures a frame. Reads it once or twice from end to end, a block at a time, whatever its type.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the frame is empty, holds a pixel that is not a
   *     finite number, or has another number of channels than this normalisation is made for
   */
  Intensity fit(Frame frame);

  /**
   * The low percentile becomes 0 and the high one 1; values beyond are not clipped. Where both are
   * equal, the minimum and maximum take their place; a constant channel becomes 0.
   *
   * @param low in [0, 100)
   * @param high in (low, 100]
   */
  record Percentile(double low, double high) implements Normalization {
    public Percentile {
      if (!(low >= 0 && low < high && high <= 100)) {
        throw new IllegalArgumentException(
            "percentile: expected 0 <= low < high <= 100, received " + low + " and " + high);
      }
    }

    @Override
    public Intensity fit(Frame frame) {
      throw new UnsupportedOperationException();
    }
  }

  /** The minimum becomes 0, the maximum 1; a constant channel becomes 0. */
  record MinMax() implements Normalization {
    @Override
    public Intensity fit(Frame frame) {
      throw new UnsupportedOperationException();
    }
  }

  /**
   * The same for every image: {@code (value - offset) * scale}.
   *
   * @param offset one number per channel, or one for all
   * @param scale one number per channel, or one for all
   */
  record Fixed(List<Double> offset, List<Double> scale) implements Normalization {
    public Fixed {
      offset = List.copyOf(offset);
      scale = List.copyOf(scale);
    }

    @Override
    public Intensity fit(Frame frame) {
      throw new UnsupportedOperationException();
    }
  }

  /** The mean becomes 0, the (population) standard deviation 1; a constant channel becomes 0. */
  record ZScore() implements Normalization {
    @Override
    public Intensity fit(Frame frame) {
      throw new UnsupportedOperationException();
    }
  }
}
