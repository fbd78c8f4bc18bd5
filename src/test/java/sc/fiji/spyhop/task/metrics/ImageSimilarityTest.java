package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Expected values are those of scikit-image 0.26: {@code peak_signal_noise_ratio}, {@code
 * structural_similarity} and {@code normalized_root_mse} of the same pictures in 64 bits.
 */
class ImageSimilarityTest {

  private static final int WIDTH = 17;
  private static final int PLANE = 14 * WIDTH;

  private static double pattern(int i, int step, int modulo) {
    return i * step % modulo / (modulo - 1.0);
  }

  /** Both channels one after the other, as counts of a camera or in 0 to 1. */
  private static float[][] pictures(int channels, boolean counts) {
    float[][] both = new float[2][channels * PLANE];
    for (int i = 0; i < both[0].length; i++) {
      float truth = (float) pattern(i, 37, 101);
      float image = (float) (0.8f * truth + 0.2f * (float) pattern(i, 53, 89));
      both[0][i] = counts ? (float) Math.rint(1000 + 3000 * truth) : truth;
      both[1][i] = counts ? (float) Math.rint(1000 + 3000 * image) + 7 : image;
    }
    return both;
  }

  private static void assertSimilar(
      double psnr, double ssim, double nrmse, int channels, boolean counts, double range) {
    float[][] p = pictures(channels, counts);
    ImageSimilarity found = ImageSimilarity.of(p[0], p[1], channels, WIDTH, range);
    assertEquals(psnr, found.psnr(), 1e-3);
    assertEquals(ssim, found.ssim(), 1e-5);
    assertEquals(nrmse, found.nrmse(), 1e-6);
  }

  @Test
  void figuresAreThoseOfScikitImage() {
    assertSimilar(21.636264, 0.9525231, 0.1430550, 1, false, Double.NaN);
    assertSimilar(21.636264, 0.9525231, 0.1430550, 1, false, 1);
    assertSimilar(21.614122, 0.9500078, 0.1435302, 2, false, Double.NaN);
    assertSimilar(21.632011, 0.9525362, 0.0938557, 1, true, Double.NaN);
    assertSimilar(24.334664, 0.9527887, 0.0938557, 1, true, 4095);
    assertSimilar(21.609663, 0.9500173, 0.0941480, 2, true, Double.NaN);
  }

  @Test
  void imagesWithoutContrastHaveNoRange() {
    float[] flat = new float[PLANE];
    ImageSimilarity found = ImageSimilarity.of(flat, pictures(1, false)[0], 1, WIDTH, Double.NaN);
    assertTrue(Double.isNaN(found.psnr()) && Double.isNaN(found.ssim()));
    assertTrue(Double.isNaN(found.nrmse()));
    float[] same = pictures(1, false)[0];
    assertEquals(
        new ImageSimilarity(Double.POSITIVE_INFINITY, 1, 0),
        ImageSimilarity.of(same, same, 1, WIDTH, Double.NaN));
    assertTrue(Double.isNaN(ImageSimilarity.of(same, same, 1, PLANE, Double.NaN).ssim()));
  }

  @Test
  void meansPassOverWhatHasNoMeaning() {
    RestorationMetrics metrics = new RestorationMetrics();
    ImageSimilarity good = new ImageSimilarity(30, 0.9, 0.1);
    ImageSimilarity bad = new ImageSimilarity(20, 0.5, 0.3);
    ImageSimilarity same = new ImageSimilarity(Double.POSITIVE_INFINITY, 1, 0);
    metrics.add(new RestorationMetrics.Outcome(good, Optional.of(bad)));
    metrics.add(new RestorationMetrics.Outcome(same, Optional.empty()));
    assertEquals(30, metrics.psnr());
    assertEquals(0.95, metrics.ssim(), 1e-12);
    assertEquals(0.05, metrics.nrmse(), 1e-12);
    assertEquals(20, metrics.main().get("psnr_before"));
    assertTrue(metrics.table().contains("as they were: PSNR 20.00 dB"), metrics.table());
  }
}
