package sc.fiji.spyhop.image;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Means and deviations of channels over many images, every pixel counting alike, from which a
 * normalisation is made that is the same for every image. Blocks are merged after Chan et al. 1979.
 */
public final class Standardization {

  private final int channels;
  private final double[] count;
  private final double[] mean;
  private final double[] squares;

  /** For images of so many channels, of which none is measured yet. */
  public Standardization(int channels) {
    this.channels = channels;
    count = new double[channels];
    mean = new double[channels];
    squares = new double[channels];
  }

  /**
   * Adds an image.
   *
   * @throws SpyhopException if it has other channels, is empty, or holds pixels that are not finite
   */
  public void add(Frame frame) {
    if (frame.channels() != channels) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an image of %d channels, received %d.",
              frame.name(), channels, frame.channels()));
    }
    ChannelStatistics statistics = new ChannelStatistics(frame);
    double n = (double) frame.width() * frame.height();
    for (int c = 0; c < channels; c++) {
      ChannelStatistics.Moments m = statistics.moments(c);
      double total = count[c] + n;
      double delta = m.mean() - mean[c];
      squares[c] += m.deviation() * m.deviation() * n + delta * delta * count[c] * n / total;
      mean[c] += delta * n / total;
      count[c] = total;
    }
  }

  /** Mean 0 and standard deviation 1, channel by channel; a channel of one value becomes 0. */
  public Normalization.Fixed normalization() {
    List<Double> offset = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      double deviation = Math.sqrt(squares[c] / count[c]);
      offset.add(mean[c]);
      scale.add(deviation > 0 ? 1 / deviation : 1);
    }
    return new Normalization.Fixed(offset, scale);
  }
}
