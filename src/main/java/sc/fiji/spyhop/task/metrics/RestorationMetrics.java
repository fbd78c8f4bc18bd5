package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/**
 * Means over images of how like the true ones restored images are, beside the images as they were
 * before. Figures that an image does not have (those of a true image of one value, PSNR of equal
 * images) count in no mean.
 */
public final class RestorationMetrics implements Pooled<RestorationMetrics.Outcome> {

  /**
   * What came of an image.
   *
   * @param restored the restored image beside the true one
   * @param before the image as it was; absent where it has other channels
   */
  public record Outcome(ImageSimilarity restored, Optional<ImageSimilarity> before) {}

  /** Means of what is finite. */
  private static final class Means {
    private final double[] sums = new double[3];
    private final long[] counts = new long[3];

    void add(ImageSimilarity image) {
      add(0, image.psnr());
      add(1, image.ssim());
      add(2, image.nrmse());
    }

    private void add(int figure, double value) {
      if (!Double.isFinite(value)) return;
      sums[figure] += value;
      counts[figure]++;
    }

    double of(int figure) {
      return counts[figure] == 0 ? Double.NaN : sums[figure] / counts[figure];
    }
  }

  private final Means restored = new Means();
  private final Means before = new Means();
  private long images;

  @Override
  public void add(Outcome image) {
    images++;
    restored.add(image.restored);
    image.before.ifPresent(before::add);
  }

  /** Mean peak signal-to-noise ratio, dB; NaN if no image has one. */
  public double psnr() {
    return restored.of(0);
  }

  /** Mean structural similarity; NaN if no image has one. */
  public double ssim() {
    return restored.of(1);
  }

  /** Mean normalized root mean squared error; NaN if no image has one. */
  public double nrmse() {
    return restored.of(2);
  }

  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("psnr", psnr());
    main.put("ssim", ssim());
    main.put("nrmse", nrmse());
    main.put("psnr_before", before.of(0));
    main.put("ssim_before", before.of(1));
    main.put("nrmse_before", before.of(2));
    return main;
  }

  @Override
  public Map<String, Object> row(Outcome image) {
    Map<String, Object> row = new LinkedHashMap<>();
    put(row, "", image.restored);
    put(
        row,
        "_before",
        image.before.orElse(new ImageSimilarity(Double.NaN, Double.NaN, Double.NaN)));
    return row;
  }

  private static void put(Map<String, Object> row, String of, ImageSimilarity image) {
    row.put("psnr" + of, finite(image.psnr()));
    row.put("ssim" + of, finite(image.ssim()));
    row.put("nrmse" + of, finite(image.nrmse()));
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : Double.NaN;
  }

  @Override
  public double loss(Outcome image) {
    double error = image.restored.nrmse();
    return Double.isFinite(error) ? error : 0;
  }

  @Override
  public String table() {
    String text = Strings.count(images, "image") + Strings.format("%nrestored: ") + line(restored);
    return Double.isNaN(before.of(2))
        ? text
        : text + Strings.format("%nas they were: ") + line(before);
  }

  private static String line(Means of) {
    return Strings.format("PSNR %.2f dB, SSIM %.4f, NRMSE %.4f", of.of(0), of.of(1), of.of(2));
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    main()
        .forEach(
            (name, value) -> {
              if (Double.isFinite(value)) map.put(name, value);
            });
    return map;
  }
}
