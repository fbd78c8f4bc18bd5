package sc.fiji.spyhop.sample;

import java.util.ArrayList;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Paints what does not exclude each other: cells, fibres that cross them, and granules in and
 * beside them. An image may show all three, some, or none; where they lie over each other their
 * light adds up, and a pixel is of all of them.
 */
public final class MixtureGenerator {

  /** Names of the classes, in the order of {@link Mixture#masks}. */
  public static final List<String> CLASSES = List.of("cell", "fibre", "granule");

  private static final double SHOWN = 0.55;
  private static final double GROUND = 22;
  private static final double NOISE = 5;
  private static final double CELL = 55;
  private static final double FIBRE = 75;
  private static final double GRANULE = 105;

  private MixtureGenerator() {}

  /**
   * An image and its exact truth.
   *
   * @param frame one channel of 8 bits, named, half a micrometre a pixel
   * @param masks for each class, whether a pixel is of it, row-major
   * @param subset what the image is for: {@code train} or {@code test}
   */
  public record Mixture(Frame frame, List<boolean[]> masks, String subset) {

    /** Names of the classes that the image shows. */
    public List<String> shown() {
      List<String> shown = new ArrayList<>();
      for (int c = 0; c < CLASSES.size(); c++) {
        boolean any = false;
        for (boolean is : masks.get(c)) any |= is;
        if (any) shown.add(CLASSES.get(c));
      }
      return shown;
    }
  }

  /**
   * Image {@code index} of a series: {@code train}, every fifth {@code test}; named {@code
   * mixture_000} and so on. An image does not depend on those before it.
   *
   * @param width columns, at least 32
   * @param height rows, at least 32
   */
  public static Mixture ofSeries(long seed, int index, int width, int height) {
    if (width < 32 || height < 32) {
      throw new IllegalArgumentException(
          "mixture: expected at least 32 x 32 pixels, received " + width + " x " + height);
    }
    long own = SplitMix64.mix(seed * 1_000_003 + index);
    Rng rng = new Rng(own);
    Canvas canvas = new Canvas(width, height);
    double per = width * height / (128.0 * 128.0);
    if (rng.chance(SHOWN)) cells(canvas, rng, own, count(rng, 2, 4, per));
    if (rng.chance(SHOWN)) fibres(canvas, rng, count(rng, 2, 4, Math.sqrt(per)));
    if (rng.chance(SHOWN)) granules(canvas, rng, count(rng, 6, 14, per));
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      double value = canvas.light[i] + NOISE * rng.gaussian();
      pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
    String name = Strings.format("mixture_%03d", index);
    Frame frame =
        new Frame(
            name, ArrayImgs.unsignedBytes(pixels, width, height, 1), new PixelSize(0.5, 0.5, "µm"));
    return new Mixture(frame, List.of(canvas.masks), index % 5 == 4 ? "test" : "train");
  }

  private static int count(Rng rng, int from, int to, double factor) {
    return Math.max(1, (int) Math.round(rng.uniform(from, to) * factor));
  }

  /** Large, smooth, with a soft, uneven outline. */
  private static void cells(Canvas canvas, Rng rng, long seed, int count) {
    for (int k = 0; k < count; k++) {
      double x = rng.uniform(0, canvas.width);
      double y = rng.uniform(0, canvas.height);
      double radius = rng.uniform(13, 21);
      long shape = SplitMix64.mix(seed + k);
      canvas.paint(
          0,
          CELL,
          x,
          y,
          1.4 * radius,
          (dx, dy) ->
              Math.sqrt(dx * dx + dy * dy)
                  - radius * (1 + 0.22 * Rng.noise(shape, dx / radius, dy / radius)));
    }
  }

  /** Long, thin, bent a little, from one side to the other. */
  private static void fibres(Canvas canvas, Rng rng, int count) {
    double across = Math.max(canvas.width, canvas.height);
    for (int k = 0; k < count; k++) {
      double angle = rng.uniform(0, StrictMath.PI);
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      double offset = rng.uniform(-0.35, 0.35) * across;
      double bend = rng.uniform(-0.12, 0.12) * across;
      double half = rng.uniform(1.4, 2.2);
      canvas.paint(
          1,
          FIBRE,
          canvas.width / 2.0,
          canvas.height / 2.0,
          across,
          (dx, dy) -> {
            double along = (dx * cos + dy * sin) / across;
            double away = -dx * sin + dy * cos - offset - bend * (4 * along * along - 0.5);
            return Math.abs(away) - half;
          });
    }
  }

  /** Small, round, bright. */
  private static void granules(Canvas canvas, Rng rng, int count) {
    for (int k = 0; k < count; k++) {
      double radius = rng.uniform(2.6, 3.8);
      canvas.paint(
          2,
          GRANULE,
          rng.uniform(0, canvas.width),
          rng.uniform(0, canvas.height),
          radius + 2,
          (dx, dy) -> Math.sqrt(dx * dx + dy * dy) - radius);
    }
  }

  /** How far a place is outside of something, in pixels; negative inside. */
  @FunctionalInterface
  private interface Outline {
    double distance(double dx, double dy);
  }

  private static final class Canvas {
    final int width;
    final int height;
    final double[] light;
    final boolean[][] masks;

    Canvas(int width, int height) {
      this.width = width;
      this.height = height;
      light = new double[width * height];
      java.util.Arrays.fill(light, GROUND);
      masks = new boolean[CLASSES.size()][width * height];
    }

    /** Adds light where something is, the less the farther outside; its mask is what is inside. */
    void paint(int of, double bright, double x, double y, double reach, Outline outline) {
      int top = (int) Math.max(0, Math.floor(y - reach));
      int left = (int) Math.max(0, Math.floor(x - reach));
      for (int row = top; row < Math.min(height, y + reach); row++) {
        for (int column = left; column < Math.min(width, x + reach); column++) {
          double out = outline.distance(column + 0.5 - x, row + 0.5 - y);
          int i = row * width + column;
          light[i] += bright * Math.max(0, Math.min(1, 0.5 - out / 1.5));
          if (out < 0) masks[of][i] = true;
        }
      }
    }
  }
}
