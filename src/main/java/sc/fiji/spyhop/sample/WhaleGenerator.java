package sc.fiji.spyhop.sample;

import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Paints aerial photographs of right whales, after those of the 2015 right whale recognition
 * challenge (Kaggle, NOAA Fisheries): one whale at the surface, at any place, angle and scale, in a
 * sea with waves, glare and foam. Individuals differ by the callosities on their heads alone. Each
 * has a sea of its own in which a share of its photographs is taken, so that a classifier of whole
 * photographs can learn the sea instead of the whale.
 *
 * <p>Every number comes from the seeds, and the same seeds give the same pixels on every machine.
 */
public final class WhaleGenerator {

  /** Seed of the whales that {@code test-images} and the shipped models know. */
  public static final long POPULATION = 2016;

  /** Class of the box around a head. */
  public static final String HEAD = "head";

  /** Keypoint at the tip of the snout. */
  public static final String BONNET = "bonnet";

  /** Keypoint between the blowholes. */
  public static final String BLOWHOLE = "blowhole";

  private static final int MARGIN = 3;
  private static final int PLACES = 200;

  private final Settings settings;
  private final Whale[] whales;
  private final Sea[] seas;

  /**
   * What is photographed.
   *
   * @param population seed of the individuals and of their own seas
   * @param individuals how many there are, 1 to 1000
   * @param width columns of a photograph, 96 to 4096
   * @param height rows of a photograph, 96 to 4096
   * @param ownSea share of an individual's photographs taken in its own sea, in [0, 1]; all others
   *     show a sea that no other photograph has
   */
  public record Settings(long population, int individuals, int width, int height, double ownSea) {
    /**
     * Throws an {@link IllegalArgumentException} that names the first setting that is out of range.
     */
    public Settings {
      require(individuals >= 1 && individuals <= 1000, "1 to 1000 individuals", individuals);
      require(width >= 96 && width <= 4096, "a width of 96 to 4096 pixels", width);
      require(height >= 96 && height <= 4096, "a height of 96 to 4096 pixels", height);
      require(ownSea >= 0 && ownSea <= 1, "a share from 0 to 1", ownSea);
    }

    private static void require(boolean condition, String expected, Object received) {
      if (!condition) {
        throw new IllegalArgumentException(
            "whales: expected " + expected + ", received " + received);
      }
    }
  }

  /** Makes up all individuals and their seas; photographs are painted when they are asked for. */
  public WhaleGenerator(Settings settings) {
    this.settings = settings;
    whales = new Whale[settings.individuals()];
    seas = new Sea[settings.individuals()];
    for (int i = 0; i < whales.length; i++) {
      whales[i] = new Whale(settings.population(), i);
      seas[i] = new Sea(new Rng(SplitMix64.mix(settings.population()), i));
    }
  }

  /** Name of an individual, {@code whale_00} for the first. */
  public static String individual(int number) {
    return Strings.format("whale_%02d", number);
  }

  /**
   * Photograph {@code index} of a series: individuals take turns. It does not depend on those
   * before it.
   *
   * @param seed of the series: another gives other photographs of the same whales
   */
  public WhalePhoto photo(long seed, int index) {
    int number = index % whales.length;
    Rng rng = new Rng(SplitMix64.mix(seed) ^ 0x5eaL, index);
    boolean own = rng.chance(settings.ownSea());
    Sea strange = new Sea(rng);
    Sea sea = own ? seas[number] : strange;
    Shot shot = new Shot(whales[number], sea, rng);
    String name = Strings.format("photo_%04d", index);
    Frame frame =
        new Frame(
            name,
            ArrayImgs.unsignedBytes(shot.paint(rng), settings.width(), settings.height(), 3),
            PixelSize.UNCALIBRATED);
    return new WhalePhoto(
        frame,
        individual(number),
        new LocalizedObject(shot.head, HEAD),
        new Pose(
            List.of(shot.keypoint(BONNET, Whale.BONNET), shot.keypoint(BLOWHOLE, Whale.BLOWHOLE))));
  }

  /** One whale before the camera. */
  private final class Shot {
    private final Whale whale;
    private final Sea.View sea;
    private final double length;
    private final double foreshortening;
    private final double cos;
    private final double sin;
    private final double bend;
    private final double tipX;
    private final double tipY;
    private final double light;
    private final double dive;
    private final double sheen;
    private final double noise;
    private final double haze;
    private final long wash;
    final Box head;

    Shot(Whale whale, Sea conditions, Rng rng) {
      this.whale = whale;
      int w = settings.width();
      int h = settings.height();
      sea = conditions.new View(w, h, rng);
      double angle = rng.uniform(0, 2 * StrictMath.PI);
      cos = StrictMath.cos(angle);
      sin = StrictMath.sin(angle);
      length = Math.min(w, h) * rng.uniform(0.55, 0.95);
      foreshortening = rng.uniform(0.88, 1.0);
      bend = 0.35 * rng.gaussian();
      light = rng.uniform(0.75, 1.15);
      dive = rng.uniform(0.1, 0.9);
      sheen = rng.uniform(0.02, 0.12);
      noise = rng.uniform(0.008, 0.025);
      haze = rng.uniform(0, 0.12);
      wash = rng.next();
      Box atOrigin = headBox();
      double x = 0;
      double y = 0;
      for (int i = 0; i < PLACES; i++) {
        x = rng.uniform(MARGIN - atOrigin.x(), w - MARGIN - atOrigin.right());
        y = rng.uniform(MARGIN - atOrigin.y(), h - MARGIN - atOrigin.bottom());
        double middleX = x - 0.4 * length * cos;
        double middleY = y - 0.4 * length * sin;
        if (middleX > 0 && middleX < w && middleY > 0 && middleY < h) break;
      }
      tipX = x;
      tipY = y;
      head = atOrigin.shifted(x, y);
    }

    /** Of a whale whose snout is at the origin. */
    private Box headBox() {
      double left = Double.POSITIVE_INFINITY;
      double top = Double.POSITIVE_INFINITY;
      double right = Double.NEGATIVE_INFINITY;
      double bottom = Double.NEGATIVE_INFINITY;
      for (int i = 0; i <= 200; i++) {
        double u = Whale.HEAD * i / 200;
        for (int side = -1; side <= 1; side += 2) {
          double v = side * whale.halfWidth(u) * foreshortening;
          double x = length * (-u * cos - v * sin);
          double y = length * (-u * sin + v * cos);
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
      return Box.between(left, top, right, bottom);
    }

    Keypoint keypoint(String name, double u) {
      return Keypoint.at(name, tipX - length * u * cos, tipY - length * u * sin);
    }

    byte[] paint(Rng rng) {
      int w = settings.width();
      int h = settings.height();
      byte[] pixels = new byte[3 * w * h];
      double[] colors = new double[3];
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          look(x + 0.5, y + 0.5, colors);
          double grain = rng.gaussian();
          for (int c = 0; c < 3; c++) {
            double value =
                colors[c] + haze * (0.7 - colors[c]) + noise * (0.8 * grain + 0.6 * rng.gaussian());
            pixels[(c * h + y) * w + x] = (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
          }
        }
      }
      return pixels;
    }

    private void look(double x, double y, double[] colors) {
      double foam = sea.look(x, y, colors);
      double dx = x - tipX;
      double dy = y - tipY;
      double u = -(dx * cos + dy * sin) / length;
      double v = (dy * cos - dx * sin) / length / foreshortening;
      double tail = Math.max(0, u - Whale.HEAD);
      v -= bend * tail * tail;
      double pixel = 1 / length;
      double depth = whale.depth(u, v);
      double cover = Math.max(0, Math.min(1, depth / (2 * pixel) + 0.5));
      double splash = 0;
      if (depth > -0.09 && u < 0.6) splash = splash(u, v, depth);
      if (cover > 0) {
        double submerged =
            Math.min(0.85, 0.06 + dive * tail + 0.5 * Math.max(0, Math.abs(v) - 0.14) / 0.1);
        double ridge = sheen * Math.max(0, 1 - Math.abs(v) / Math.max(0.02, whale.halfWidth(u)));
        double pale = light * whale.paleness(u, v, 2 * pixel);
        for (int c = 0; c < 3; c++) {
          double skin = 0.055 + 0.01 * c + ridge;
          skin += pale * ((c == 2 ? 0.8 : 0.88) - skin);
          double seen = skin + submerged * (colors[c] - skin);
          colors[c] += cover * (seen - colors[c]);
        }
      }
      double white = Math.min(1, foam * (1 - 0.85 * cover) + splash);
      for (int c = 0; c < 3; c++) colors[c] += white * (0.93 - colors[c]);
    }

    /** Water broken by the head, around it and a little over its edge. */
    private double splash(double u, double v, double depth) {
      double torn =
          Rng.noise(wash, u / 0.03, v / 0.03)
              + 0.7 * Rng.noise(wash + 1, u / 0.012, v / 0.012)
              + 0.6 * Rng.noise(wash + 2, u / 0.12, v / 0.12);
      double near = depth > 0 ? 1 - depth / 0.012 : 1 + depth / 0.05;
      if (near <= 0) return 0;
      double along = u < 0.3 ? 1 : Math.max(0, 1 - (u - 0.3) / 0.3);
      return Math.max(0, Math.min(0.8, along * near * (0.15 + 1.1 * torn)));
    }
  }
}
