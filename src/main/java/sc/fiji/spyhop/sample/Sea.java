package sc.fiji.spyhop.sample;

/**
 * The sea seen from above: colour, swell and wind waves, glare where the waves mirror the sun, foam
 * on their crests. Two photographs taken under the same conditions look alike, but show other
 * waves.
 */
final class Sea {

  private static final int WAVES = 5;

  /** Red, green and blue of deep water, in [0, 1]. */
  private final double[] color = new double[3];

  /** Red, green and blue of the light that waves mirror. */
  private final double[] sky = new double[3];

  private final double[] waveX = new double[WAVES];
  private final double[] waveY = new double[WAVES];
  private final double[] height = new double[WAVES];
  private final double chop;
  private final double contrast;
  private final double glare;
  private final double glareX;
  private final double glareY;
  private final double foam;
  private final double gradientX;
  private final double gradientY;

  /** Conditions drawn at random: weather, light, place. */
  Sea(Rng rng) {
    double green = rng.uniform();
    double brightness = rng.uniform(0.16, 0.5);
    double grey = rng.uniform(0, 0.7);
    double[] blue = {0.32, 0.62, 1.0};
    double[] turquoise = {0.35, 1.0, 0.86};
    for (int c = 0; c < 3; c++) {
      double hue = blue[c] + green * (turquoise[c] - blue[c]);
      color[c] = brightness * (hue + grey * (0.75 - hue));
      sky[c] = 0.7 + 0.3 * (c == 2 ? 1 : rng.uniform(0.7, 1));
    }
    double direction = rng.uniform(0, 2 * StrictMath.PI);
    double length = rng.uniform(9, 40);
    double spread = rng.uniform(0.1, 0.7);
    for (int i = 0; i < WAVES; i++) {
      double angle = direction + spread * rng.gaussian();
      double own = length * StrictMath.exp(0.5 * rng.gaussian());
      double k = 2 * StrictMath.PI / Math.max(5, own);
      waveX[i] = k * StrictMath.cos(angle);
      waveY[i] = k * StrictMath.sin(angle);
      height[i] = rng.uniform(0.4, 1) * Math.min(1.5, own / length);
    }
    chop = rng.uniform(0.3, 1.2);
    contrast = rng.uniform(0.03, 0.16);
    glare = rng.chance(0.6) ? rng.uniform(0.1, 1) : 0;
    glareX = rng.uniform(-0.2, 1.2);
    glareY = rng.uniform(-0.2, 1.2);
    foam = rng.chance(0.5) ? rng.uniform(0.05, 0.6) : 0;
    double slope = rng.uniform(0, 0.25);
    double towards = rng.uniform(0, 2 * StrictMath.PI);
    gradientX = slope * StrictMath.cos(towards);
    gradientY = slope * StrictMath.sin(towards);
  }

  /** The sea at the moment of one photograph. */
  final class View {

    private final double width;
    private final double height;
    private final long noise;
    private final double[] phase = new double[WAVES];

    /**
     * @param width of the photograph, pixels
     * @param height of the photograph, pixels
     */
    View(int width, int height, Rng rng) {
      this.width = width;
      this.height = height;
      noise = rng.next();
      for (int i = 0; i < WAVES; i++) phase[i] = rng.uniform(0, 2 * StrictMath.PI);
    }

    /**
     * Looks at one point.
     *
     * @param light receives red, green and blue, about in [0, 1]
     * @return foam, from 0 for none to 1
     */
    double look(double x, double y, double[] light) {
      double bent = 6 * Rng.noise(noise, x / 23, y / 23);
      double swell = 0;
      double total = 0;
      for (int i = 0; i < WAVES; i++) {
        swell +=
            Sea.this.height[i]
                * StrictMath.sin(waveX[i] * (x + bent) + waveY[i] * (y - bent) + phase[i]);
        total += Sea.this.height[i];
      }
      swell /= total;
      double ripple =
          0.6 * Rng.noise(noise + 1, x / 5.3, y / 5.3)
              + 0.4 * Rng.noise(noise + 2, x / 2.3, y / 2.3);
      double surface = swell + chop * ripple;
      double shade =
          1
              + gradientX * (2 * x / width - 1)
              + gradientY * (2 * y / height - 1)
              + 0.1 * Rng.noise(noise + 3, x / 90, y / 90);
      double dx = x / width - glareX;
      double dy = y / height - glareY;
      double zone = glare * StrictMath.exp(-(dx * dx + dy * dy) / 0.35);
      double mirrored = zone * Math.max(0, surface - 0.35) * 1.3 + contrast * Math.max(0, surface);
      for (int c = 0; c < 3; c++) {
        double water = color[c] * shade * (1 + 1.6 * contrast * surface);
        light[c] = water + Math.min(0.9, mirrored) * (sky[c] - water);
      }
      return caps(x, y, swell);
    }

    /** White caps: torn patches on the crests. */
    private double caps(double x, double y, double swell) {
      if (foam == 0) return 0;
      double where = Rng.noise(noise + 4, x / 38, y / 38) + 0.5 * swell;
      double torn =
          Rng.noise(noise + 5, x / 6, y / 6) + 0.6 * Rng.noise(noise + 6, x / 2.5, y / 2.5);
      double amount = 2.2 * (where + 0.45 * torn - 1.15 + foam);
      return Math.max(0, Math.min(1, amount));
    }
  }
}
