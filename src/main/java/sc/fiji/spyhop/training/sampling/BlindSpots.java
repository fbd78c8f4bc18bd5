package sc.fiji.spyhop.training.sampling;

import java.util.random.RandomGenerator;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * An image of which some pixels are hidden, which a network is to tell from those around them
 * (Noise2Void, Krull et al. 2019): each has the value of one of its neighbours instead of its own.
 * Of noise that is independent from pixel to pixel nothing can be told so, and what is told is the
 * image without it.
 *
 * @param image NCHW[1, channels, height, width], a copy
 * @param weights NCHW[1, 1, height, width]: 1 where a pixel is hidden, 0 elsewhere
 */
record BlindSpots(Tensor image, Tensor weights) {

  /** Sides of the squares in each of which one pixel is hidden: 0.2 percent of all. */
  private static final int SQUARE = 22;

  /** Furthest column and row of a neighbour whose value a pixel gets. */
  private static final int REACH = 2;

  /**
   * Hides pixels.
   *
   * @param image NCHW[1, channels, height, width], of at least two pixels
   */
  static BlindSpots draw(Tensor image, RandomGenerator random) {
    int height = image.size('H');
    int width = image.size('W');
    int plane = height * width;
    float[] shown = image.data().clone();
    float[] weights = new float[plane];
    for (int top = 0; top < height; top += SQUARE) {
      for (int left = 0; left < width; left += SQUARE) {
        int x = left + random.nextInt(SQUARE);
        int y = top + random.nextInt(SQUARE);
        if (x >= width || y >= height || plane < 2) continue;
        int u = x;
        int v = y;
        while (u == x && v == y) {
          u = near(x, width, random);
          v = near(y, height, random);
        }
        weights[y * width + x] = 1;
        for (int at = 0; at < shown.length; at += plane) {
          shown[at + y * width + x] = image.data()[at + v * width + u];
        }
      }
    }
    return new BlindSpots(
        new Tensor(Axes.NCHW, image.shape(), shown),
        new Tensor(Axes.NCHW, new int[] {1, 1, height, width}, weights));
  }

  private static int near(int at, int length, RandomGenerator random) {
    int low = Math.max(0, at - REACH);
    int high = Math.min(length - 1, at + REACH);
    return low + random.nextInt(high - low + 1);
  }
}
