package sc.fiji.spyhop.prediction;

import java.util.List;

/**
 * How likely each class is, place by place: pixel (x, y) is what was said about a window around the
 * middle of the square of {@code stride} pixels of the image that begins at (x stride, y stride).
 *
 * @param width pixels of the maps, columns
 * @param height rows
 * @param stride pixels of the image per pixel of the maps
 * @param planes one for each class, row by row, in [0, 1]
 */
public record ClassMaps(int width, int height, int stride, List<float[]> planes) {

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
