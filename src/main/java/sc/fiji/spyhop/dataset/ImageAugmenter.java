package sc.fiji.spyhop.dataset;

import java.util.random.RandomGenerator;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

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
    Augmenter augmenter =
        new Augmenter(augmentation.withQuarterTurns(turns(width, height)), width, height);
    Cutout map = augmenter.draw((width - 1) / 2.0, (height - 1) / 2.0, random);
    if (!map.exact()) {
      double dx = shift * width * (2 * random.nextDouble() - 1);
      double dy = shift * height * (2 * random.nextDouble() - 1);
      map = map.shifted(dx, dy);
    }
    Tensor image = new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, pixels);
    Tensor varied = augmenter.cut(image, map, Border.MIRROR);
    augmenter.vary(varied, random);
    return varied.data();
  }

  private boolean turns(int width, int height) {
    return augmentation.quarterTurns() && width == height;
  }
}
