package sc.fiji.spyhop.explain;

import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Mask;

/** Part of an image, in the coordinates of what a network is shown of it. */
final class Place {

  private final Affine toImage;
  private final Box box;
  private final LabelMap pixels;

  /**
   * @param mask pixels of the image, at least one
   * @param toImage from what is shown to the image
   */
  Place(Mask mask, Affine toImage) {
    this.toImage = toImage;
    box = mask.box();
    pixels = mask.cutOut();
  }

  /** Whether a point belongs to it. */
  boolean contains(double x, double y) {
    int u = (int) Math.floor(toImage.x(x, y) - box.x());
    int v = (int) Math.floor(toImage.y(x, y) - box.y());
    return u >= 0 && v >= 0 && u < pixels.width() && v < pixels.height() && pixels.get(u, v) != 0;
  }

  /**
   * Which pixels of what is shown belong to it, row by row: those whose centres do, or, where it
   * lies between centres, as small places in images that are shown smaller, the one its middle lies
   * in.
   */
  boolean[] pixels(ImageSize shown) {
    boolean[] pixels = new boolean[Math.multiplyExact(shown.width(), shown.height())];
    boolean any = false;
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = contains(i % shown.width() + 0.5, i / shown.width() + 0.5);
      any |= pixels[i];
    }
    if (any) return pixels;
    double[] middle = middle();
    int x = (int) Math.max(0, Math.min(shown.width() - 1, middle[0]));
    int y = (int) Math.max(0, Math.min(shown.height() - 1, middle[1]));
    pixels[y * shown.width() + x] = true;
    return pixels;
  }

  /** Whether its middle lies in a box. */
  boolean isCentredIn(Box other) {
    double[] middle = middle();
    return other.contains(middle[0], middle[1]);
  }

  /** Column and row of its middle. */
  double[] middle() {
    Affine shown = toImage.inverse();
    return new double[] {
      shown.x(box.centerX(), box.centerY()), shown.y(box.centerX(), box.centerY())
    };
  }
}
