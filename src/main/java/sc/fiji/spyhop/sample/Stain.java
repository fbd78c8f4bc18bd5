package sc.fiji.spyhop.sample;

/**
 * Light through stained tissue, by Beer and Lambert: each stain absorbs red, green and blue by its
 * own shares (Ruifrok and Johnston 2001).
 */
enum Stain {
  HAEMATOXYLIN(0.650, 0.704, 0.286),
  EOSIN(0.072, 0.990, 0.105);

  private static final double WHITE = 245;

  private final double red;
  private final double green;
  private final double blue;

  Stain(double red, double green, double blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  private double share(int channel) {
    return channel == 0 ? red : channel == 1 ? green : blue;
  }

  /**
   * What is left of white light.
   *
   * @param channel 0 red, 1 green, 2 blue
   * @return in [0, 245]
   */
  static double light(int channel, double haematoxylin, double eosin) {
    double density = haematoxylin * HAEMATOXYLIN.share(channel) + eosin * EOSIN.share(channel);
    return WHITE * StrictMath.exp(-density);
  }

  /** The byte nearest to a value. */
  static byte pixel(double value) {
    return (byte) Math.max(0, Math.min(255, Math.rint(value)));
  }
}
