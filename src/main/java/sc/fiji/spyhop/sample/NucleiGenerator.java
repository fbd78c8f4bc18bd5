package sc.fiji.spyhop.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Paints fluorescence microscopy of cell nuclei with exact labels: nuclei of varied size, shape,
 * brightness and texture, single, touching and in colonies; a glow around them, specks, haze and
 * uneven light; blur of the lens; photon and camera noise. Painted tile by tile, so that an image
 * needs no memory but its own. Every number comes from the seed, and the same seed gives the same
 * pixels on every machine.
 *
 * <p>Order of events as in a microscope: objects send out light, the lens blurs it (a Gaussian
 * point spread function), the sensor counts photons (Poisson) and adds its own noise (Gaussian).
 */
public final class NucleiGenerator {

  /** What the classes 0 and 1 of nuclei are called, where there are dead cells. */
  public static final List<String> KINDS = List.of("live", "dead");

  private static final int TILE = 256;

  /** Centres of neighbours are at least this part of their two extents apart. */
  private static final double CLOSEST = 0.88;

  private NucleiGenerator() {}

  /**
   * How an image is to look.
   *
   * @param width columns, positive
   * @param height rows, positive
   * @param bits of a pixel: 8 or 16
   * @param pixelSize of the image
   * @param radius mean radius of a nucleus, in pixels, at least 2
   * @param coverage share of the area that nuclei cover, about, in [0, 0.5]
   * @param clustering share of nuclei put beside another, touching it, in [0, 1]
   * @param alignment 0: nuclei lie in all directions; 1: neighbours lie alike
   * @param blur deviation of the point spread function, in pixels, not negative
   * @param haze background light where 1 is the light of a nucleus, in [0, 1]
   * @param shading share of light lost in the darkest places, in [0, 1)
   * @param photons counted per pixel of a usual nucleus; the fewer, the noisier; positive
   * @param dead share of nuclei of dead cells, in [0, 1]: about as large and bright as the others,
   *     their chromatin in a few clumps
   */
  public record Settings(
      int width,
      int height,
      int bits,
      PixelSize pixelSize,
      double radius,
      double coverage,
      double clustering,
      double alignment,
      double blur,
      double haze,
      double shading,
      double photons,
      double dead) {

    /**
     * Throws an {@link IllegalArgumentException} that names the first setting that is out of range.
     */
    public Settings {
      require(width > 0 && height > 0, "a size of at least 1 x 1 pixels", width + " x " + height);
      require(
          (long) width * height <= Integer.MAX_VALUE - 8,
          "at most 2,147,483,639 pixels",
          (long) width * height);
      require(bits == 8 || bits == 16, "8 or 16 bits", bits);
      require(radius >= 2 && radius <= 1000, "a radius of 2 to 1000 pixels", radius);
      require(coverage >= 0 && coverage <= 0.5, "a coverage of 0 to 0.5", coverage);
      require(clustering >= 0 && clustering <= 1, "a clustering of 0 to 1", clustering);
      require(alignment >= 0 && alignment <= 1, "an alignment of 0 to 1", alignment);
      require(blur >= 0 && blur <= 20, "a blur of 0 to 20 pixels", blur);
      require(haze >= 0 && haze <= 1, "a haze of 0 to 1", haze);
      require(shading >= 0 && shading < 1, "a shading of 0 to below 1", shading);
      require(photons > 0 && photons < 1e6, "photons from above 0 to 1,000,000", photons);
      require(dead >= 0 && dead <= 1, "a share of dead cells of 0 to 1", dead);
    }

    /** All cells are alive. */
    public Settings(
        int width,
        int height,
        int bits,
        PixelSize pixelSize,
        double radius,
        double coverage,
        double clustering,
        double alignment,
        double blur,
        double haze,
        double shading,
        double photons) {
      this(
          width,
          height,
          bits,
          pixelSize,
          radius,
          coverage,
          clustering,
          alignment,
          blur,
          haze,
          shading,
          photons,
          0);
    }

    /** The same with a share of dead cells, in [0, 1]. */
    public Settings withDead(double share) {
      return new Settings(
          width,
          height,
          bits,
          pixelSize,
          radius,
          coverage,
          clustering,
          alignment,
          blur,
          haze,
          shading,
          photons,
          share);
    }

    private static void require(boolean condition, String expected, Object received) {
      if (!condition) {
        throw new IllegalArgumentException(
            "nuclei: expected " + expected + ", received " + received);
      }
    }
  }

  /**
   * Settings drawn at random, as images of one study differ from another: few or many nuclei, small
   * or large, sharp or blurred, quiet or noisy. Half a micrometre per pixel.
   *
   * @param bits of a pixel: 8 or 16
   */
  public static Settings varied(int width, int height, int bits, long seed) {
    Rng rng = new Rng(seed, -1);
    double radius = 4.6 * StrictMath.exp(rng.uniform(0, 0.95));
    return new Settings(
        width,
        height,
        bits,
        new PixelSize(0.5, 0.5, "µm"),
        radius,
        rng.uniform(0.05, 0.22),
        rng.uniform(0.05, 0.45),
        rng.uniform(0, 1),
        rng.uniform(0.6, 1.2),
        rng.uniform(0.01, 0.07),
        rng.uniform(0.1, 0.5),
        90 * StrictMath.exp(rng.uniform(0, 2.5)));
  }

  /**
   * Image {@code index} of a series: 8-bit, every fourth 16-bit; {@code train}, every fifth {@code
   * test}; named {@code nuclei_000} and so on. An image does not depend on those before it.
   */
  public static SyntheticImage ofSeries(long seed, int index, int width, int height) {
    return ofSeries(seed, index, width, height, index % 4 == 3 ? 16 : 8, 0, Progress.NONE);
  }

  /**
   * The same with the bits of a pixel given.
   *
   * @param dead share of nuclei of dead cells, in [0, 1]
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static SyntheticImage ofSeries(
      long seed, int index, int width, int height, int bits, double dead, Progress progress) {
    long own = SplitMix64.mix(seed * 1_000_003 + index);
    return generate(
        Strings.format("nuclei_%03d", index),
        index % 5 == 4 ? "test" : "train",
        varied(width, height, bits, own).withDead(dead),
        own,
        progress);
  }

  /** Columns of a plate of 96 wells, each with a dose of its own. */
  public static final int DOSES = 12;

  /** Rows of a plate of 96 wells, which repeat each other. */
  public static final int REPEATS = 8;

  /** Well of a plate of 96, such as {@code A01}; row and column from 0. */
  public static String well(int row, int column) {
    return Strings.format("%c%02d", 'A' + row, column + 1);
  }

  /**
   * A site in a well of a plate on which a drug kills cells: the same stain, lens and nuclei
   * everywhere, of which there are the fewer the farther right the column is.
   *
   * @param plate first part of the name, before well and site: {@code P1_A01_s1}
   * @param row of the well, from 0 to 7
   * @param column of the well, from 0 to 11
   * @param site from 1
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static SyntheticImage ofPlate(
      String plate,
      int row,
      int column,
      int site,
      long seed,
      int width,
      int height,
      int bits,
      Progress progress) {
    long own = SplitMix64.mix(seed * 1_000_003 + (site * 100L + row) * 100 + column);
    Settings settings =
        new Settings(
            width,
            height,
            bits,
            new PixelSize(0.5, 0.5, "µm"),
            8,
            0.2 / (1 + StrictMath.exp(0.7 * (column - 5.5))) + 0.01,
            0.15,
            0.3,
            0.9,
            0.03,
            0.3,
            300);
    String name = Strings.format("%s_%s_s%d", plate, well(row, column), site);
    return generate(name, "test", settings, own, progress);
  }

  /**
   * One image.
   *
   * @param name of the frame
   * @param subset see {@link SyntheticImage}
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static SyntheticImage generate(
      String name, String subset, Settings settings, long seed, Progress progress) {
    Scene scene = new Scene(settings, seed);
    LabelMap labels = LabelMap.sized(settings.width(), settings.height(), scene.nuclei.size());
    Camera camera = new Camera(settings, seed);
    int across = (settings.width() + TILE - 1) / TILE;
    int down = (settings.height() + TILE - 1) / TILE;
    int[] areas = new int[scene.nuclei.size() + 1];
    for (int tile = 0; tile < across * down; tile++) {
      progress.checkCancelled();
      progress.update("Painting " + name, tile, (long) across * down);
      int x = tile % across * TILE;
      int y = tile / across * TILE;
      int w = Math.min(TILE, settings.width() - x);
      int h = Math.min(TILE, settings.height() - y);
      int halo = camera.halo();
      float[] light = new float[(w + 2 * halo) * (h + 2 * halo)];
      scene.paint(x, y, w, h, halo, light, labels, areas);
      camera.expose(x, y, w, h, light, new Rng(seed, 1000L + tile));
    }
    progress.update("Painting " + name, (long) across * down, (long) across * down);
    int[] numbers = closeGaps(labels, areas);
    Map<Integer, Integer> kinds = new HashMap<>();
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] > 0) kinds.put(numbers[i], scene.nuclei.get(i - 1).isDead() ? 1 : 0);
    }
    return new SyntheticImage(
        new Frame(name, camera.image, settings.pixelSize()),
        settings.dead() > 0 ? labels.withClasses(new ObjectClasses(kinds)) : labels,
        subset);
  }

  /**
   * Renumbers so that nuclei of which nothing is to be seen leave no gap.
   *
   * @return the new number of each; 0 for those
   */
  private static int[] closeGaps(LabelMap labels, int[] areas) {
    int[] renumbered = new int[areas.length];
    int last = 0;
    for (int i = 1; i < areas.length; i++) if (areas[i] > 0) renumbered[i] = ++last;
    if (last == areas.length - 1) return renumbered;
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      if (label != 0) labels.set(i, renumbered[label]);
    }
    return renumbered;
  }

  /** Everything that sends out light. */
  private static final class Scene {

    private final Settings settings;
    private final long seed;
    private final List<Nucleus> nuclei = new ArrayList<>();

    /** Nuclei by the grid cell of their centre. */
    private final Grid grid;

    /** Dim dirt, in no label: x, y, radius, brightness. */
    private final List<double[]> specks = new ArrayList<>();

    private double largestReach;

    Scene(Settings settings, long seed) {
      this.settings = settings;
      this.seed = seed;
      grid = new Grid(settings.width(), settings.height(), 4 * settings.radius());
      place(new Rng(seed, 0));
      Rng rng = new Rng(seed, 1);
      long count =
          Math.round((double) settings.width() * settings.height() / 30_000 + rng.uniform());
      for (long i = 0; i < count; i++) {
        specks.add(
            new double[] {
              rng.uniform(0, settings.width()),
              rng.uniform(0, settings.height()),
              rng.uniform(1, 2.2),
              rng.uniform(0.05, 0.3)
            });
      }
      specks.sort((p, q) -> Double.compare(p[1], q[1]));
    }

    private void place(Rng rng) {
      double area = (double) settings.width() * settings.height();
      double each = StrictMath.PI * settings.radius() * settings.radius() * 1.05;
      long wanted = Math.round(settings.coverage() * area / each);
      double margin = 0.7 * settings.radius();
      double colonies = 13 * settings.radius();
      Rng kinds = new Rng(seed, 3);
      for (long i = 0; i < wanted; i++) {
        Nucleus shape = new Nucleus(rng, settings.radius(), kinds.chance(settings.dead()));
        double turn = 0.6 * rng.gaussian();
        for (int attempt = 0; attempt < 12; attempt++) {
          Nucleus candidate;
          if (!nuclei.isEmpty() && rng.chance(settings.clustering())) {
            Nucleus near = nuclei.get(rng.below(nuclei.size()));
            candidate = shape.at(0, 0, direction(rng, near.x, near.y) + turn);
            double phi = rng.uniform(0, 2 * StrictMath.PI);
            double dx = StrictMath.cos(phi);
            double dy = StrictMath.sin(phi);
            double apart = near.extent(dx, dy) + candidate.extent(-dx, -dy);
            apart *= rng.uniform(CLOSEST, 1.03);
            candidate = candidate.movedTo(near.x + dx * apart, near.y + dy * apart);
          } else {
            double x = rng.uniform(-margin, settings.width() + margin);
            double y = rng.uniform(-margin, settings.height() + margin);
            double colony = Rng.noise(seed + 2, x / colonies, y / colonies);
            boolean empty = colony < rng.uniform(-0.6, 0.2);
            if (empty) continue;
            candidate = shape.at(x, y, direction(rng, x, y) + turn);
          }
          if (candidate.x < -margin
              || candidate.y < -margin
              || candidate.x > settings.width() + margin
              || candidate.y > settings.height() + margin
              || !free(candidate)) {
            continue;
          }
          grid.add(candidate.x, candidate.y, nuclei.size());
          nuclei.add(candidate);
          largestReach = Math.max(largestReach, candidate.glowReach);
          break;
        }
      }
    }

    /** That nuclei around a place tend to lie along. */
    private double direction(Rng rng, double x, double y) {
      double common = 3 * Rng.noise(seed + 3, x / 150, y / 150);
      double any = rng.uniform(0, 2 * StrictMath.PI);
      return common * settings.alignment() + any * (1 - settings.alignment());
    }

    private boolean free(Nucleus candidate) {
      double far = candidate.reach + 3.5 * settings.radius();
      for (int i : grid.within(candidate.x, candidate.y, far)) {
        Nucleus other = nuclei.get(i);
        double dx = other.x - candidate.x;
        double dy = other.y - candidate.y;
        double distance = Math.sqrt(dx * dx + dy * dy);
        if (distance >= other.reach + candidate.reach) continue;
        if (distance < 1) return false;
        double apart =
            candidate.extent(dx / distance, dy / distance)
                + other.extent(-dx / distance, -dy / distance);
        if (distance < CLOSEST * apart) return false;
      }
      return true;
    }

    /**
     * Adds the light of a tile and its surroundings, and sets the labels of the tile.
     *
     * @param light rows of {@code w + 2 halo}, from (x - halo, y - halo)
     * @param areas pixels of each label, counted up
     */
    void paint(int x, int y, int w, int h, int halo, float[] light, LabelMap labels, int[] areas) {
      int stride = w + 2 * halo;
      int left = x - halo;
      int top = y - halo;
      int rows = h + 2 * halo;
      for (int j = 0; j < rows; j++) {
        for (int i = 0; i < stride; i++) {
          double wave =
              Rng.noise(seed + 4, (left + i) / 70.0, (top + j) / 70.0)
                  + 0.4 * Rng.noise(seed + 5, (left + i) / 23.0, (top + j) / 23.0);
          light[j * stride + i] = (float) (settings.haze() * Math.max(0.1, 0.6 + 0.45 * wave));
        }
      }
      float[] depth = new float[light.length];
      Arrays.fill(depth, 1);
      int[] owner = new int[light.length];
      double[] seen = new double[1];
      int[] close =
          grid.within(x + w / 2.0, y + h / 2.0, Math.max(stride, rows) / 2.0 + largestReach);
      Arrays.sort(close);
      for (int n : close) {
        Nucleus nucleus = nuclei.get(n);
        int fromX = (int) Math.max(0, Math.floor(nucleus.x - nucleus.glowReach - left));
        int toX = (int) Math.min(stride - 1, Math.ceil(nucleus.x + nucleus.glowReach - left));
        int fromY = (int) Math.max(0, Math.floor(nucleus.y - nucleus.glowReach - top));
        int toY = (int) Math.min(rows - 1, Math.ceil(nucleus.y + nucleus.glowReach - top));
        for (int j = fromY; j <= toY; j++) {
          double py = top + j + 0.5;
          for (int i = fromX; i <= toX; i++) {
            double px = left + i + 0.5;
            int at = j * stride + i;
            double sum = nucleus.glow(px, py);
            if (Math.abs(px - nucleus.x) <= nucleus.reach
                && Math.abs(py - nucleus.y) <= nucleus.reach) {
              double d = nucleus.look(px, py, seen);
              sum += seen[0];
              if (d < depth[at]) {
                depth[at] = (float) d;
                owner[at] = n + 1;
              }
            }
            light[at] += (float) sum;
          }
        }
      }
      paintSpecks(left, top, stride, rows, light);
      for (int j = 0; j < h; j++) {
        for (int i = 0; i < w; i++) {
          int label = owner[(j + halo) * stride + i + halo];
          if (label == 0) continue;
          labels.set(x + i, y + j, label);
          areas[label]++;
        }
      }
    }

    private void paintSpecks(int left, int top, int stride, int rows, float[] light) {
      int low = 0;
      int high = specks.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (specks.get(middle)[1] < top - 3) low = middle + 1;
        else high = middle;
      }
      for (int s = low; s < specks.size() && specks.get(s)[1] < top + rows + 3; s++) {
        double[] speck = specks.get(s);
        for (int j = -3; j <= 3; j++) {
          for (int i = -3; i <= 3; i++) {
            int px = (int) Math.floor(speck[0]) - left + i;
            int py = (int) Math.floor(speck[1]) - top + j;
            if (px < 0 || py < 0 || px >= stride || py >= rows) continue;
            double dx = left + px + 0.5 - speck[0];
            double dy = top + py + 0.5 - speck[1];
            double fall = 1 - (dx * dx + dy * dy) / (speck[2] * speck[2]);
            if (fall > 0) light[py * stride + px] += (float) (speck[3] * fall);
          }
        }
      }
    }
  }

  /** Lens, illumination and sensor. */
  private static final class Camera {

    private final Settings settings;
    private final long seed;
    private final float[] kernel;
    private final double gain;
    private final double offset;
    private final double readNoise;
    private final byte[] bytes;
    private final short[] shorts;
    private final RandomAccessibleInterval<? extends RealType<?>> image;

    Camera(Settings settings, long seed) {
      this.settings = settings;
      this.seed = seed;
      Rng rng = new Rng(seed, 2);
      kernel = gaussian(settings.blur());
      readNoise = rng.uniform(1.5, 4);
      int size = settings.width() * settings.height();
      if (settings.bits() == 8) {
        gain = rng.uniform(55, 130) / settings.photons();
        offset = rng.uniform(2, 12);
        bytes = new byte[size];
        shorts = new short[0];
        image = ArrayImgs.unsignedBytes(bytes, settings.width(), settings.height(), 1);
      } else {
        gain = rng.uniform(1500, 9000) / settings.photons();
        offset = rng.uniform(100, 400);
        bytes = new byte[0];
        shorts = new short[size];
        image = ArrayImgs.unsignedShorts(shorts, settings.width(), settings.height(), 1);
      }
    }

    int halo() {
      return kernel.length / 2;
    }

    /** Half-width of three deviations, sum 1. */
    private static float[] gaussian(double deviation) {
      int half = (int) Math.ceil(3 * deviation);
      double[] values = new double[2 * half + 1];
      double sum = 0;
      for (int i = -half; i <= half; i++) {
        double v = half == 0 ? 1 : StrictMath.exp(-i * i / (2 * deviation * deviation));
        values[i + half] = v;
        sum += v;
      }
      float[] kernel = new float[values.length];
      for (int i = 0; i < kernel.length; i++) kernel[i] = (float) (values[i] / sum);
      return kernel;
    }

    void expose(int x, int y, int w, int h, float[] light, Rng rng) {
      int halo = halo();
      int stride = w + 2 * halo;
      float[] across = new float[w * (h + 2 * halo)];
      for (int j = 0; j < h + 2 * halo; j++) {
        for (int i = 0; i < w; i++) {
          float sum = 0;
          for (int k = 0; k < kernel.length; k++) sum += kernel[k] * light[j * stride + i + k];
          across[j * w + i] = sum;
        }
      }
      for (int j = 0; j < h; j++) {
        for (int i = 0; i < w; i++) {
          float sum = 0;
          for (int k = 0; k < kernel.length; k++) sum += kernel[k] * across[(j + k) * w + i];
          double shade = 0.5 + 0.5 * Rng.noise(seed + 6, (x + i) / 260.0, (y + j) / 260.0);
          double photons = sum * settings.photons() * (1 - settings.shading() * shade);
          double counted = poisson(photons, rng) + readNoise * rng.gaussian();
          store((y + j) * settings.width() + x + i, offset + gain * counted);
        }
      }
    }

    /** Nearly a Poisson variate: Gaussian where Anscombe (1948) makes the variance constant. */
    private static double poisson(double mean, Rng rng) {
      double root = Math.max(0, 2 * Math.sqrt(mean + 0.375) + rng.gaussian());
      return root * root / 4 - 0.375 - 0.25;
    }

    private void store(int at, double value) {
      long rounded = (long) Math.floor(value + 0.5);
      if (settings.bits() == 8) {
        bytes[at] = (byte) Math.max(0, Math.min(255, rounded));
      } else {
        shorts[at] = (short) Math.max(0, Math.min(65535, rounded));
      }
    }
  }

  /** Numbers of points, found again by place. */
  private static final class Grid {

    private final double cell;
    private final int columns;
    private final int rows;
    private final int[][] members;
    private final int[] counts;

    Grid(int width, int height, double cell) {
      this.cell = cell;
      columns = (int) (width / cell) + 3;
      rows = (int) (height / cell) + 3;
      members = new int[columns * rows][];
      counts = new int[columns * rows];
    }

    private int column(double x) {
      return Math.max(0, Math.min(columns - 1, (int) Math.floor(x / cell) + 1));
    }

    private int row(double y) {
      return Math.max(0, Math.min(rows - 1, (int) Math.floor(y / cell) + 1));
    }

    void add(double x, double y, int number) {
      int at = row(y) * columns + column(x);
      if (members[at] == null) members[at] = new int[8];
      if (counts[at] == members[at].length)
        members[at] = Arrays.copyOf(members[at], 2 * counts[at]);
      members[at][counts[at]++] = number;
    }

    /** At least all within a square of half-width {@code distance}. */
    int[] within(double x, double y, double distance) {
      int[] found = new int[16];
      int count = 0;
      for (int j = row(y - distance); j <= row(y + distance); j++) {
        for (int i = column(x - distance); i <= column(x + distance); i++) {
          int at = j * columns + i;
          for (int k = 0; k < counts[at]; k++) {
            if (count == found.length) found = Arrays.copyOf(found, 2 * count);
            found[count++] = members[at][k];
          }
        }
      }
      return Arrays.copyOf(found, count);
    }
  }
}
