package sc.fiji.spyhop.dataset;

import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Normalised pixels and their truth, of the same width and height.
 *
 * @param pixels NCHW[1, channels, height, width]
 */
public record Patch(Tensor pixels, LabelMap truth) {

  /** Throws an {@link IllegalArgumentException} if pixels and truth differ in size. */
  public Patch {
    if (pixels.size('H') != truth.height() || pixels.size('W') != truth.width()) {
      throw new IllegalArgumentException(
          "patch: pixels " + pixels + " and truth of " + truth.width() + " x " + truth.height());
    }
  }

  /** Columns of pixels and truth. */
  public int width() {
    return truth.width();
  }

  /** Rows of pixels and truth. */
  public int height() {
    return truth.height();
  }

  /** Channels of the pixels. */
  public int channels() {
    return pixels.size('C');
  }
}
