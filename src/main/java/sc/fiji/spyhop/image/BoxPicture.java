package sc.fiji.spyhop.image;

import sc.fiji.spyhop.prediction.Box;

/**
 * A picture of what is in a box. The box grows by a margin, then in one direction to the
 * proportions of the picture, so that nothing is stretched.
 *
 * @param margin on each side, as a share of the box's longer side
 * @param width of the picture, pixels
 * @param height of the picture, pixels
 */
public record BoxPicture(double margin, int width, int height) {

  /** Margin of pictures of objects where nobody asks for another: 15 % of the longer side. */
  public static final double DEFAULT_MARGIN = 0.15;

  /** From the picture to the image. */
  public Affine toImage(Box box) {
    double around = margin * Math.max(box.width(), box.height());
    double scale =
        Math.max((box.width() + 2 * around) / width, (box.height() + 2 * around) / height);
    return Affine.translation(-width / 2.0, -height / 2.0)
        .then(Affine.scale(scale, scale))
        .then(Affine.translation(box.centerX(), box.centerY()));
  }
}
