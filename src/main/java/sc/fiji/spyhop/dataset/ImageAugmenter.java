package sc.fiji.spyhop.dataset;

import java.util.random.RandomGenerator;

/**
 * Varies whole images: one affine map about the middle, sampled once (bilinear; mirrored outside,
 * edge pixels repeated), then changes of intensity. Immutable; safe for use by several threads.
 *
 * @param augmentation what is varied; quarter turns only where images are square
 * @param shift largest shift either way, as a share of width and height
 */
public record ImageAugmenter(Augmentation augmentation, double shift) {

  /**
   * A varied copy.
   *
   * @param pixels normalised, channel by channel, row by row
   * @param random the only source of chance: equal generators give equal results
   */
  public float[] apply(
      float[] pixels, int channels, int width, int height, RandomGenerator random) {
    if (augmentation.equals(Augmentation.NONE)) return pixels.clone();
    Augmenter.Affine map =
        new Augmenter(augmentation.withQuarterTurns(turns(width, height)), 1, false)
            .draw(0, 0, random);
    double dx = map.exact() ? 0 : shift * width * (2 * random.nextDouble() - 1);
    double dy = map.exact() ? 0 : shift * height * (2 * random.nextDouble() - 1);
    float[] varied = sample(pixels, channels, width, height, map, dx, dy);
    Intensities.vary(varied, channels, width, height, augmentation, random);
    return varied;
  }

  private boolean turns(int width, int height) {
    return augmentation.quarterTurns() && width == height;
  }

  private static float[] sample(
      float[] source,
      int channels,
      int width,
      int height,
      Augmenter.Affine map,
      double dx,
      double dy) {
    float[] to = new float[source.length];
    double middleX = (width - 1) / 2.0;
    double middleY = (height - 1) / 2.0;
    int plane = width * height;
    for (int j = 0, at = 0; j < height; j++) {
      for (int i = 0; i < width; i++, at++) {
        double x = middleX + dx + (i - middleX) * map.xi() + (j - middleY) * map.xj();
        double y = middleY + dy + (i - middleX) * map.yi() + (j - middleY) * map.yj();
        int u = (int) Math.floor(x);
        int v = (int) Math.floor(y);
        float fx = (float) (x - u);
        float fy = (float) (y - v);
        int u0 = Augmenter.mirror(u, width);
        int u1 = Augmenter.mirror(u + 1, width);
        int v0 = Augmenter.mirror(v, height) * width;
        int v1 = Augmenter.mirror(v + 1, height) * width;
        for (int c = 0, o = at; c < channels; c++, o += plane) {
          int p = c * plane;
          float above = source[p + v0 + u0] * (1 - fx) + source[p + v0 + u1] * fx;
          float below = source[p + v1 + u0] * (1 - fx) + source[p + v1 + u1] * fx;
          to[o] = above * (1 - fy) + below * fy;
        }
      }
    }
    return to;
  }
}
