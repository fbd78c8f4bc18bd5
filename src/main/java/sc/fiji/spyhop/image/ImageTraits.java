package sc.fiji.spyhop.image;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * What an image looks like as a network is shown it, in a few numbers by which images of other
 * kinds can be told. Of several channels their mean is measured, but for the colour.
 *
 * @param noise decimal logarithm of the share of the variance that is noise, by Immerkær (1996): 0
 *     for nothing but noise, or for an even plane
 * @param skewness of the intensities, {@code sign(s) ln(1 + |s|)}: above 0 for light objects on a
 *     dark ground
 * @param texture natural logarithm of the size of structures in pixels, the root of twice the
 *     variance over the mean square of the gradient, after smoothing by one pixel
 * @param brightness mean of the normalised intensities
 * @param contrast natural logarithm of the standard deviation of the normalised intensities
 * @param color mean saturation of the pixel values as they are, largest minus smallest over largest
 *     channel, in [0, 1]; 0 for a single channel
 */
public record ImageTraits(
    double noise,
    double skewness,
    double texture,
    double brightness,
    double contrast,
    double color) {

  /** Sides of the parts that are looked at, and how many of a large image. */
  private static final int PART = 512;

  private static final int MAX_PARTS = 9;

  private static final double LEAST = 1e-3;

  /**
   * Measures an image.
   *
   * @param raw the image in the size in which the network is shown it, its pixel values as they are
   * @param intensity how they are normalised
   * @return absent for an image of less than 3 x 3 pixels
   */
  public static Optional<ImageTraits> of(Shown raw, Intensity intensity) {
    if (raw.width() < 3 || raw.height() < 3) return Optional.empty();
    Sums sums = new Sums();
    List<Tile> parts = Tiles.plan(raw.width(), raw.height(), PART, 0);
    for (Tile part : Tiles.spread(parts, MAX_PARTS)) {
      if (part.width() < 3 || part.height() < 3) continue;
      sums.add(raw.read(part.x(), part.y(), part.width(), part.height()), intensity);
    }
    return Optional.of(sums.traits());
  }

  /**
   * Measures what a network is shown of an image, all of it.
   *
   * @param raw [1, channels, height, width], pixel values as they are; left as it is
   * @param intensity how they are normalised
   * @return absent for less than 3 x 3 pixels
   */
  public static Optional<ImageTraits> of(Tensor raw, Intensity intensity) {
    if (raw.size('W') < 3 || raw.size('H') < 3) return Optional.empty();
    Sums sums = new Sums();
    sums.add(new Tensor(raw.axes(), raw.shape(), raw.data().clone()), intensity);
    return Optional.of(sums.traits());
  }

  private static final class Sums {

    private long n;
    private double sum;
    private double squares;
    private double cubes;
    private double saturation;
    private long inner;
    private double laplacian;
    private double smooth;
    private double smoothSquares;
    private double slopes;

    void add(Tensor part, Intensity intensity) {
      int channels = part.size('C');
      int w = part.size('W');
      int h = part.size('H');
      int plane = w * h;
      float[] values = part.data();
      saturation += saturation(values, channels, plane);
      intensity.apply(values, channels);
      float[] grey = new float[plane];
      for (int i = 0; i < values.length; i++) grey[i % plane] += values[i] / channels;
      for (float g : grey) {
        sum += g;
        squares += (double) g * g;
        cubes += (double) g * g * g;
      }
      n += plane;
      float[] blurred = GaussianBlur.of(grey, w, h, 1);
      for (int y = 1; y < h - 1; y++) {
        for (int x = 1; x < w - 1; x++) {
          int i = y * w + x;
          laplacian += Math.abs(laplacian(grey, i, w));
          double dx = (blurred[i + 1] - blurred[i - 1]) / 2;
          double dy = (blurred[i + w] - blurred[i - w]) / 2;
          slopes += dx * dx + dy * dy;
          smooth += blurred[i];
          smoothSquares += (double) blurred[i] * blurred[i];
        }
      }
      inner += (long) (w - 2) * (h - 2);
    }

    private static double saturation(float[] values, int channels, int plane) {
      if (channels < 3) return 0;
      double all = 0;
      for (int i = 0; i < plane; i++) {
        float least = values[i];
        float most = values[i];
        for (int c = 1; c < channels; c++) {
          least = Math.min(least, values[c * plane + i]);
          most = Math.max(most, values[c * plane + i]);
        }
        if (most > 0) all += Math.min(1, (most - least) / most);
      }
      return all;
    }

    /** The mask 1 -2 1, -2 4 -2, 1 -2 1, which edges and slopes leave at 0. */
    private static double laplacian(float[] g, int i, int w) {
      return g[i - w - 1]
          + g[i - w + 1]
          + g[i + w - 1]
          + g[i + w + 1]
          - 2 * (g[i - w] + g[i + w] + g[i - 1] + g[i + 1])
          + 4 * g[i];
    }

    ImageTraits traits() {
      double mean = sum / n;
      double variance = Math.max(0, squares / n - mean * mean);
      double deviation = Math.sqrt(variance);
      boolean even = deviation < LEAST;
      double noise = Math.sqrt(Math.PI / 2) / 6 * laplacian / inner;
      double share = even ? 1 : Math.min(1, noise * noise / variance);
      double third = cubes / n - 3 * mean * squares / n + 2 * mean * mean * mean;
      double skewness = even ? 0 : third / (variance * deviation);
      double smoothMean = smooth / inner;
      double smoothVariance = Math.max(0, smoothSquares / inner - smoothMean * smoothMean);
      double size = slopes > 0 ? Math.sqrt(2 * smoothVariance / (slopes / inner)) : 0;
      return new ImageTraits(
          Math.log10(Math.max(1e-9, share)),
          Math.copySign(Math.log1p(Math.abs(skewness)), skewness),
          Math.log(Math.max(0.1, size)),
          mean,
          Math.log(Math.max(LEAST, deviation)),
          saturation / n);
    }
  }
}
