package sc.fiji.spyhop.image;

import sc.fiji.spyhop.util.Strings;

/**
 * A part of a plane. The core rectangles of a plan partition the plane; the region is the core and
 * what a decoder wants to see around it, inside the plane.
 *
 * @param x first column of the core
 * @param y first row of the core
 * @param width columns of the core
 * @param height rows of the core
 * @param regionX first column of the region, {@code <= x}
 * @param regionY first row of the region, {@code <= y}
 * @param regionWidth columns of the region
 * @param regionHeight rows of the region
 */
public record Tile(
    int x,
    int y,
    int width,
    int height,
    int regionX,
    int regionY,
    int regionWidth,
    int regionHeight) {

  /**
   * Throws an {@link IllegalArgumentException} if the core is empty, or the region does not contain
   * it.
   */
  public Tile {
    if (width < 1
        || height < 1
        || regionX < 0
        || regionY < 0
        || regionX > x
        || regionY > y
        || (long) regionX + regionWidth < (long) x + width
        || (long) regionY + regionHeight < (long) y + height) {
      throw new IllegalArgumentException(
          Strings.format(
              "tile: core %d x %d at (%d, %d) is empty or outside its region %d x %d at (%d, %d)",
              width, height, x, y, regionWidth, regionHeight, regionX, regionY));
    }
  }

  /** A tile whose region is its core. */
  public Tile(int x, int y, int width, int height) {
    this(x, y, width, height, x, y, width, height);
  }

  /** Whether a point lies in the core. */
  public boolean contains(double px, double py) {
    return px >= x && py >= y && px < (long) x + width && py < (long) y + height;
  }

  /** Whether the core is the whole region. */
  public boolean isWhole() {
    return width == regionWidth && height == regionHeight;
  }
}
