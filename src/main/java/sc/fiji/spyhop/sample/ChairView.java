package sc.fiji.spyhop.sample;

/**
 * What is seen of a chair: all that a picture of one depends on.
 *
 * @param style which chair
 * @param azimuth degrees in [0, 360), from where it is seen: 0 from before it, 90 from where, seen
 *     from before, its right is
 * @param elevation degrees in [0, 90], from how high: 0 level, 90 from above
 * @param red of its colour, 0 to 1
 * @param green of its colour, 0 to 1
 * @param blue of its colour, 0 to 1
 */
public record ChairView(
    ChairStyle style, double azimuth, double elevation, double red, double green, double blue) {

  /**
   * Throws an {@link IllegalArgumentException} if an angle or a part of the colour is out of range.
   */
  public ChairView {
    require(azimuth >= 0 && azimuth < 360, "an azimuth from 0 to less than 360", azimuth);
    require(elevation >= 0 && elevation <= 90, "an elevation of 0 to 90", elevation);
    for (double part : new double[] {red, green, blue}) {
      require(part >= 0 && part <= 1, "red, green and blue of 0 to 1", part);
    }
  }

  private static void require(boolean condition, String expected, double received) {
    if (!condition) {
      throw new IllegalArgumentException("chair: expected " + expected + ", received " + received);
    }
  }

  /** The same chair from elsewhere. */
  public ChairView seenFrom(double azimuth) {
    return new ChairView(style, azimuth, elevation, red, green, blue);
  }
}
