package sc.fiji.spyhop.sample;

import java.util.Arrays;
import net.imglib2.RandomAccess;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Paints tissue stained with haematoxylin and eosin, with exact labels of its nuclei: nuclei as
 * {@link NucleiGenerator} paints them, in blue, in a pink ground of fibres with white gaps.
 */
public final class TissueGenerator {

  private static final PixelSize PIXELS = new PixelSize(0.5, 0.5, "µm");

  private TissueGenerator() {}

  /**
   * Image {@code index} of a series, in colour, named {@code tissue_000} and so on; it does not
   * depend on those before it.
   *
   * @return with a number for each nucleus
   */
  public static SyntheticImage ofSeries(long seed, int index, int width, int height) {
    long own = SplitMix64.mix(seed * 1_000_003 + index) ^ 0x7155L;
    Rng rng = new Rng(own, -2);
    SyntheticImage nuclei =
        NucleiGenerator.generate(
            "nuclei",
            "",
            new NucleiGenerator.Settings(
                width,
                height,
                16,
                PIXELS,
                rng.uniform(8, 12),
                rng.uniform(0.15, 0.25),
                rng.uniform(0.2, 0.5),
                rng.uniform(0, 1),
                0.8,
                0,
                0,
                5000),
            own,
            Progress.NONE);
    byte[] pixels = new byte[3 * width * height];
    double[] light = light(nuclei.frame());
    double blue = rng.uniform(1.1, 1.6);
    double pink = rng.uniform(0.25, 0.45);
    double gaps = rng.uniform(-0.6, -0.35);
    double angle = rng.uniform(0, StrictMath.PI);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i++) {
        double along = x * cos + y * sin;
        double across = y * cos - x * sin;
        double fibres = Rng.noise(own ^ 1, along / 40, across / 6);
        double cloud =
            0.7 * Rng.noise(own ^ 2, x / 45.0, y / 45.0)
                + 0.3 * Rng.noise(own ^ 4, x / 14.0 + 0.5, y / 14.0);
        double chromatin = Rng.noise(own ^ 3, x / 2.5, y / 2.5);
        double hole = Math.max(0, Math.min(1, 12 * (gaps - cloud))) * (light[i] < 0.2 ? 1 : 0);
        double eosin = pink * (0.9 + 0.3 * fibres + 0.3 * cloud) * (1 - hole);
        double haematoxylin = blue * light[i] * (0.9 + 0.2 * chromatin) + 0.06;
        for (int c = 0; c < 3; c++) {
          double value = Stain.light(c, haematoxylin, eosin) + 2.5 * rng.gaussian();
          pixels[c * width * height + i] = Stain.pixel(value);
        }
      }
    }
    Frame frame =
        new Frame(
            Strings.format("tissue_%03d", index),
            ArrayImgs.unsignedBytes(pixels, width, height, 3),
            PIXELS);
    return new SyntheticImage(frame, nuclei.labels(), index % 5 == 4 ? "test" : "train");
  }

  /** How much nucleus there is, 1 for a usual one. */
  private static double[] light(Frame nuclei) {
    int w = nuclei.width();
    int h = nuclei.height();
    double[] light = new double[w * h];
    double brightest = 1;
    RandomAccess<? extends RealType<?>> at = nuclei.pixels().randomAccess();
    for (int i = 0; i < light.length; i++) {
      at.setPosition(i % w, 0);
      at.setPosition(i / w, 1);
      light[i] = at.get().getRealDouble();
    }
    double[] sorted = light.clone();
    Arrays.sort(sorted);
    double ground = sorted[sorted.length / 20];
    brightest = Math.max(brightest, sorted[sorted.length - 1 - sorted.length / 20] - ground);
    for (int i = 0; i < light.length; i++) {
      light[i] = Math.max(0, Math.min(1.2, (light[i] - ground) / brightest));
    }
    return light;
  }
}
