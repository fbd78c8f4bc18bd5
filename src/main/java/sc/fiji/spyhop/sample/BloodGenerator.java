package sc.fiji.spyhop.sample;

import java.util.ArrayList;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Paints blood smears by Giemsa's stain, with exact boxes: red cells, pale in the middle, which may
 * lie over one another; white cells with a purple nucleus of lobes; platelets.
 */
public final class BloodGenerator {

  /** Names of the three classes, as the data set BCCD has them. */
  public static final String RED = "RBC";

  /** White cells, with a nucleus. */
  public static final String WHITE = "WBC";

  /** Platelets, the smallest of the three. */
  public static final String PLATELET = "Platelets";

  private static final int TRIES = 200;

  private BloodGenerator() {}

  /** An image and what is in it. */
  public record Smear(Frame frame, Annotation truth) {}

  /** What is in the smear. */
  private record Cell(
      String type, double x, double y, double a, double b, double angle, long seed) {

    /** Where a place lies: 0 in the middle, 1 at the outline. */
    double radius(double px, double py) {
      double dx = px - x;
      double dy = py - y;
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      double u = (dx * cos + dy * sin) / a;
      double v = (dy * cos - dx * sin) / b;
      double wave = 1 + 0.08 * (Rng.noise(seed, 4 + 2 * u, 4 + 2 * v) - 0.5);
      return StrictMath.hypot(u, v) * wave;
    }

    double extent() {
      return 1.1 * Math.max(a, b);
    }
  }

  /**
   * Image {@code index} of a series, in colour, named {@code blood_000} and so on; it does not
   * depend on those before it.
   *
   * @param width of the image in pixels; a red cell is about a seventh of 640 pixels across
   */
  public static Smear ofSeries(long seed, int index, int width, int height) {
    long own = SplitMix64.mix(seed * 1_000_003 + index) ^ 0xb100dL;
    Rng rng = new Rng(own);
    List<Cell> cells = cells(rng, width, height);
    double[][] light = new double[3][width * height];
    double glow = rng.uniform(0.92, 1);
    for (int i = 0; i < width * height; i++) {
      double cloud = 6 * (Rng.noise(own, i % width / 60.0, i / width / 60.0) - 0.5);
      light[0][i] = 214 * glow + cloud;
      light[1][i] = 212 * glow + cloud;
      light[2][i] = 214 * glow + cloud;
    }
    List<LocalizedObject> objects = new ArrayList<>();
    for (Cell cell : cells) objects.add(paint(cell, light, width, height));
    for (double[] plane : light) blur(plane, width, height);
    byte[] pixels = new byte[3 * width * height];
    for (int i = 0; i < pixels.length; i++) {
      double value = light[i / (width * height)][i % (width * height)];
      pixels[i] = Stain.pixel(value + 3 * rng.gaussian());
    }
    Frame frame =
        new Frame(
            Strings.format("blood_%03d", index),
            ArrayImgs.unsignedBytes(pixels, width, height, 3),
            PixelSize.UNCALIBRATED);
    return new Smear(frame, new Annotation(new ImageSize(width, height), objects, List.of()));
  }

  private static List<Cell> cells(Rng rng, int width, int height) {
    List<Cell> cells = new ArrayList<>();
    double radius = 46 * rng.uniform(0.95, 1.1);
    int white = rng.chance(0.75) ? 1 : 2;
    for (int i = 0; i < white; i++) put(cells, WHITE, 1.9 * radius, 1, rng, width, height);
    int red = (int) (width * (double) height / (radius * radius) * rng.uniform(0.07, 0.11));
    for (int i = 0; i < red; i++) put(cells, RED, radius, 0.8, rng, width, height);
    int platelets = 1 + rng.below(4);
    for (int i = 0; i < platelets; i++) put(cells, PLATELET, 0.4 * radius, 1, rng, width, height);
    return cells;
  }

  /**
   * Puts a cell where it is far enough from others, if there is room.
   *
   * @param apart least distance of two cells relative to their sizes
   */
  private static void put(
      List<Cell> cells, String type, double radius, double apart, Rng rng, int width, int height) {
    double a = radius * rng.uniform(0.93, 1.08);
    double b = a * rng.uniform(0.88, 1);
    for (int i = 0; i < TRIES; i++) {
      double x = rng.uniform(0.02, 0.98) * width;
      double y = rng.uniform(0.02, 0.98) * height;
      boolean free =
          cells.stream()
              .allMatch(c -> StrictMath.hypot(c.x - x, c.y - y) > apart * (Math.max(c.a, c.b) + a));
      if (!free) continue;
      cells.add(new Cell(type, x, y, a, b, rng.uniform(0, StrictMath.PI), rng.next()));
      return;
    }
  }

  private static LocalizedObject paint(Cell cell, double[][] light, int width, int height) {
    int left = width;
    int right = -1;
    int top = height;
    int bottom = -1;
    int x0 = (int) Math.max(0, Math.floor(cell.x - cell.extent()));
    int y0 = (int) Math.max(0, Math.floor(cell.y - cell.extent()));
    int x1 = (int) Math.min(width, Math.ceil(cell.x + cell.extent()));
    int y1 = (int) Math.min(height, Math.ceil(cell.y + cell.extent()));
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        double r = cell.radius(x + 0.5, y + 0.5);
        double cover = Math.max(0, Math.min(1, (1 - r) * cell.b / 3));
        if (cover == 0) continue;
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
        double[] color = color(cell, r, x, y);
        for (int c = 0; c < 3; c++) {
          int i = y * width + x;
          boolean over = cell.type.equals(RED);
          double own = over ? Math.min(color[c], light[c][i] - 10) : color[c];
          light[c][i] += cover * (own - light[c][i]);
        }
      }
    }
    Box box =
        right < 0 ? new Box(cell.x, cell.y, 1, 1) : new Box(left, top, right - left, bottom - top);
    return new LocalizedObject(box, cell.type);
  }

  /** As a lens does: a binomial kernel of five pixels along rows, then along columns. */
  private static void blur(double[] plane, int width, int height) {
    smooth(plane, width, 1, height, width);
    smooth(plane, height, width, width, 1);
  }

  /** Smooths {@code lines} lines of {@code length} values each; edges are continued. */
  private static void smooth(double[] plane, int length, int step, int lines, int apart) {
    double[] line = new double[length];
    for (int l = 0; l < lines; l++) {
      for (int i = 0; i < length; i++) line[i] = plane[l * apart + i * step];
      for (int i = 0; i < length; i++) {
        double near = line[Math.max(0, i - 1)] + line[Math.min(length - 1, i + 1)];
        double far = line[Math.max(0, i - 2)] + line[Math.min(length - 1, i + 2)];
        plane[l * apart + i * step] = (6 * line[i] + 4 * near + far) / 16;
      }
    }
  }

  private static double[] color(Cell cell, double r, int x, int y) {
    double grain = Rng.noise(cell.seed ^ 5, x / 9.0, y / 9.0) - 0.5;
    if (cell.type.equals(RED)) {
      double pale = StrictMath.exp(-r * r / 0.14);
      double rim = StrictMath.exp(-(r - 0.9) * (r - 0.9) / 0.01);
      return new double[] {
        176 + 24 * pale - 10 * rim + 5 * grain,
        142 + 46 * pale - 14 * rim + 5 * grain,
        158 + 38 * pale - 10 * rim + 5 * grain
      };
    }
    if (cell.type.equals(PLATELET)) {
      return new double[] {140 + 40 * grain, 112 + 40 * grain, 196 + 24 * grain};
    }
    double lobes = 0;
    for (int k = 0; k < 3; k++) {
      double angle = 2.1 * k + (cell.seed & 63);
      double lx = cell.x + 0.34 * cell.a * StrictMath.cos(angle);
      double ly = cell.y + 0.34 * cell.a * StrictMath.sin(angle);
      double d = StrictMath.hypot(x - lx, y - ly) / (0.36 * cell.a);
      lobes = Math.max(lobes, Math.max(0, Math.min(1, (1 - d) * 6)));
    }
    double[] cytoplasm = {184 + 16 * grain, 158 + 16 * grain, 204 + 12 * grain};
    double[] nucleus = {124 + 24 * grain, 88 + 24 * grain, 196 + 16 * grain};
    for (int c = 0; c < 3; c++) cytoplasm[c] += lobes * (nucleus[c] - cytoplasm[c]);
    return cytoplasm;
  }
}
