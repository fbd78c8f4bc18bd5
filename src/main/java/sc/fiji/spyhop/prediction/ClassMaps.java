package sc.fiji.spyhop.prediction;

import java.util.List;

/**
 * How likely each class is, place by place: pixel (i, j) is what was said about a window around the
 * middle of the square of {@code stride} pixels of the image that begins at (x + i stride, y + j
 * stride).
 *
 * @param width pixels of the maps, columns
 * @param height rows
 * @param stride pixels of the image per pixel of the maps
 * @param planes one for each class, row by row, in [0, 1]
 * @param x column of the image that the maps begin at: 0, but for those of a view
 * @param y row of the image that the maps begin at
 */
public record ClassMaps(int width, int height, int stride, List<float[]> planes, int x, int y) {

  /** Of an image that begins at (0, 0). */
  public ClassMaps(int width, int height, int stride, List<float[]> planes) {
    this(width, height, stride, planes, 0, 0);
  }

  /**
   * Copies the list, not the planes.
   *
   * @throws IllegalArgumentException if a plane has another number of pixels than {@code width *
   *     height}
   */
  public ClassMaps {
    planes = List.copyOf(planes);
    for (float[] plane : planes) {
      if (plane.length != width * height) {
        throw new IllegalArgumentException(
            "class maps: expected " + width * height + " pixels, received " + plane.length);
      }
    }
  }
}
