package sc.fiji.spyhop.image.stain;

import sc.fiji.spyhop.util.Parallel;

/** From a colour to another, pixel by pixel. */
@FunctionalInterface
public interface ColorMap {

  /** Every colour stays as it is. */
  ColorMap NONE = rgb -> {};

  /**
   * Changes a colour in place.
   *
   * @param rgb red, green and blue from 0 to 255
   */
  void map(float... rgb);

  /**
   * Changes an image in place.
   *
   * @param planes all of red, then of green, then of blue, from 0 to 255
   */
  default void mapAll(float... planes) {
    if (this == NONE) return;
    int n = planes.length / 3;
    Parallel.ranges(
        n,
        (from, to) -> {
          float[] rgb = new float[3];
          for (int i = from; i < to; i++) {
            for (int c = 0; c < 3; c++) rgb[c] = planes[c * n + i];
            map(rgb);
            for (int c = 0; c < 3; c++) planes[c * n + i] = rgb[c];
          }
        });
  }
}
